"""What a comparison tells those who answer for the dialing, word by word."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.diff import diff_campaign
from reconciler.findings import Finding, Location, Severity
from reconciler.identity import resolve
from reconciler.model import CampaignDiff, CampaignLive, DesiredSchedule, LiveSchedule
from reconciler.origins import Earlier
from reconciler.plan.notices import notices
from tests.support.builders import FILE, SETTINGS, blackout, entry, live, put_request, schedule, window

RATE = (("scheduleDetails", "predictiveRate"),)


def differ(
    work: list[DesiredSchedule], there: list[LiveSchedule], base: list[DesiredSchedule] | None = None
) -> CampaignDiff:
    before = None
    if base is not None:
        before = {entry.schedule_id: entry.schedule.content for entry in resolve(base, there).resolved}
    campaign = CampaignLive("CAM_001", tuple(there))
    return diff_campaign(resolve(work, there).resolved, campaign, Earlier(before), SETTINGS, put_request)


def told(*diffs: CampaignDiff, ignored: Any = (), preserved: Any = ()) -> list[Finding]:
    return sorted(notices(diffs, ignored, preserved), key=lambda finding: (finding.code, finding.message))


def messages(*diffs: CampaignDiff, **options: Any) -> list[str]:
    return [finding.message for finding in told(*diffs, **options)]


def test_a_plain_create_a_plain_update_and_no_change_say_nothing() -> None:
    work = [entry(schedule(name)) for name in ("New", "Changed", "Same")]
    there = [live(schedule("Changed", timezone="UTC")), live(schedule("Same"), status="ACTIVE", version=3)]
    assert told(differ(work, there)) == []
    assert told(differ(work, there, work[1:])) == []


def test_a_field_that_a_put_loses_is_told_once_with_a_count() -> None:
    monday = {"scheduleDetails": [window(wrapUp=30), window("FRIDAY", wrapUp=40)]}
    first = differ([entry(schedule("A")), entry(schedule("B"))], [live(schedule("A", **monday)), live(schedule("B"))])
    second = differ([entry(schedule("C"))], [live(schedule("C", **monday), routing={"profile": "gold"})])
    assert told(first, second) == [
        Finding(
            Severity.NOTICE,
            "unmanaged-field",
            "1 schedule that git manages holds the field 'routing' in CXone, which git does not know and an update loses; "
            "name it in preserveFields of tenant.yaml to carry it over",
        ),
        Finding(
            Severity.NOTICE,
            "unmanaged-field",
            "2 schedules that git manages hold the field 'scheduleDetails.wrapUp' in CXone, which git does not know and an "
            "update loses; name it in preserveFields of tenant.yaml to carry it over",
        ),
    ]


@pytest.mark.parametrize(
    ("extras", "options"),
    [
        ({"status": "ACTIVE", "version": 3, "lastModifiedDate": "x", "selfUri": "/x"}, {}),
        ({"routing": "gold"}, {"preserved": (("routing",),)}),
        ({"routing": "gold"}, {"ignored": (("routing",),)}),
        ({"routing": {"profile": "gold"}}, {"preserved": (("routing", "profile"),)}),
        ({"routing": None}, {}),
    ],
)
def test_a_field_that_no_put_loses_is_not_told(extras: dict[str, Any], options: dict[str, Any]) -> None:
    assert told(differ([entry(schedule())], [live(schedule(), **extras)]), **options) == []


def test_a_field_of_which_a_part_is_preserved_is_told_for_the_rest() -> None:
    diff = differ([entry(schedule())], [live(schedule(), routing={"profile": "gold", "queue": 7})])
    assert [finding.code for finding in told(diff, preserved=(("routing", "profile"),))] == ["unmanaged-field"]


def test_fields_of_schedules_that_git_does_not_name_are_nobodys_loss() -> None:
    assert told(differ([], [live(schedule(), routing="gold")])) == []


@pytest.mark.parametrize("work", [schedule(), schedule(timezone="UTC")])
def test_a_managed_schedule_that_is_not_active_is_told(work: dict[str, Any]) -> None:
    assert told(differ([entry(work, line=9)], [live(schedule(), status="PENDING")])) == [
        Finding(
            Severity.WARNING,
            "not-active",
            "schedule 'Weekday calling' of CAM_001 has the status 'PENDING' in CXone, not 'ACTIVE', so it may not be "
            "dialing: a registration can fail without an error; look at it in the console",
            Location(FILE, 9, 1),
        )
    ]


@pytest.mark.parametrize("status", ["ACTIVE", "active", None])
def test_a_status_that_is_active_or_not_there_is_not_told(status: str | None) -> None:
    assert told(differ([entry(schedule())], [live(schedule(), status=status)])) == []


def test_the_status_of_an_unmanaged_schedule_is_nobodys_business() -> None:
    assert told(differ([], [live(schedule(), status="PAUSED")])) == []


@pytest.mark.parametrize("base", [None, []])
def test_a_pinned_schedule_that_is_gone_would_be_created_again(base: list[DesiredSchedule] | None) -> None:
    assert told(differ([entry(schedule(), pinned="x", line=9)], [], base)) == [
        Finding(
            Severity.WARNING,
            "recreated",
            "schedule 'Weekday calling' of CAM_001 would be created again: the file pins its id x, but CXone does not "
            "hold it; somebody may have deleted it in the console, perhaps to stop dialing, so ask before you apply",
            Location(FILE, 9, 1),
        )
    ]


@pytest.mark.parametrize("pinned", [None, "x"])
def test_a_schedule_that_git_had_at_the_base_and_that_is_gone_would_be_created_again(
    pinned: str | None,
) -> None:
    work = [entry(schedule(timezone="UTC"), pinned=pinned, line=9)]
    (finding,) = told(differ(work, [], [entry(schedule(), pinned=pinned)]))
    assert (finding.code, finding.severity, finding.location) == (
        "recreated",
        Severity.WARNING,
        Location(FILE, 9, 1),
    )
    assert "would be created again: git had it at the base already, but CXone does not hold it" in finding.message


def test_a_new_schedule_without_a_pin_is_not_recreated() -> None:
    assert told(differ([entry(schedule())], [], [])) == []
    assert told(differ([entry(schedule())], [])) == []


def test_a_released_schedule_goes_on_dialing() -> None:
    there = [live(schedule("Evening"), "x-1"), live(schedule("Console only", timezone="UTC"), "x-2")]
    assert told(differ([], there, [entry(schedule("Evening"))])) == [
        Finding(
            Severity.WARNING,
            "released",
            "this revision takes schedule 'Evening' of CAM_001 (x-1) out of git; nothing is deleted in CXone, so it goes on "
            "dialing until somebody stops it in the console",
        )
    ]


def test_a_create_beside_a_schedule_that_differs_in_the_name_only_may_be_a_rename() -> None:
    assert told(differ([entry(schedule("New"), line=9)], [live(schedule("Old"), "x-1")])) == [
        Finding(
            Severity.NOTICE,
            "possible-rename",
            "schedule 'New' of CAM_001 would be created beside 'Old' (x-1), which is live, not in git and looks alike, so "
            "that both dial; if it is the same schedule, write `id: x-1` into the file",
            Location(FILE, 9, 1),
        )
    ]


def test_a_create_under_a_pin_beside_a_schedule_of_its_name_may_be_a_wrong_pin() -> None:
    diff = differ([entry(schedule(), pinned="X-1")], [live(schedule(timezone="UTC"), "x-1")])
    assert [finding.code for finding in told(diff)] == ["possible-rename", "recreated"]
    assert "write `id: x-1` into the file" in messages(diff)[0]


def test_a_few_look_alikes_are_named_and_the_others_counted() -> None:
    there = [live(schedule(f"Old {number}"), f"x-{number}") for number in range(5)]
    (message,) = messages(differ([entry(schedule("New"))], there))
    assert message == (
        "schedule 'New' of CAM_001 would be created beside 'Old 0' (x-0), 'Old 1' (x-1), 'Old 2' (x-2) and 2 more, which are "
        "live, not in git and look alike, so that all of them dial; if it is the same schedule, write its id into the file"
    )


def test_fields_that_another_system_steers_make_no_schedule_look_different() -> None:
    diff = differ([entry(schedule("New"))], [live(schedule("Old", scheduleDetails=[window(predictiveRate=3)]))])
    assert messages(diff) == []
    assert [finding.code for finding in told(diff, ignored=RATE)] == ["possible-rename"]


def test_a_create_beside_other_schedules_is_just_a_create() -> None:
    there = [live(schedule("Old", blackoutPeriods=[blackout(end="12:30")])), live(schedule("Managed"))]
    assert told(differ([entry(schedule("New")), entry(schedule("Managed"))], there)) == []
