from __future__ import annotations

from collections.abc import Callable

from reconciler.desired import Desired

Load = Callable[..., Desired]
Reported = Callable[[Desired], list[str]]
Campaign = Callable[..., str]


def _pinned(schedule_id: str) -> str:
    return f"    id: {schedule_id}\n"


def test_equal_names_need_different_ids(load_files: Load, reported: Reported, campaign: Campaign, tenant: str) -> None:
    files = {
        "tenant.yaml": tenant,
        "a.yaml": campaign("CAM_001", "Same"),
        "b.yaml": campaign("CAM_001", "Same", extra=_pinned("one")),
        "c.yaml": campaign("CAM_001", "Same", extra=_pinned("two")),
        "d.yaml": campaign("CAM_002", "Same"),
    }
    desired = load_files(files)
    assert reported(desired) == []
    assert [schedule.campaign_id for schedule in desired.tenants[0].schedules] == ["CAM_001"] * 3 + ["CAM_002"]


def test_duplicates_are_told_at_the_later_place(
    load_files: Load, reported: Reported, campaign: Campaign, tenant: str
) -> None:
    files = {
        "tenant.yaml": tenant,
        "a.yaml": campaign("CAM_001", "Same", "Other"),
        "below/b.yaml": campaign("CAM_001", "New", "Same"),
        "c.yaml": campaign("CAM_001", "X", "Y", extra=_pinned("one")),
    }
    desired = load_files(files)
    assert reported(desired) == ["below/b.yaml:13:5 duplicate-schedule", "c.yaml:14:5 duplicate-schedule"]
    by_name, by_id = (finding.message for finding in desired.tenants[0].findings)
    assert "'Same'" in by_name
    assert "a.yaml:3:5" in by_name
    assert "one" in by_id
    assert "c.yaml:3:5" in by_id


def test_tenants_do_not_mix(load_files: Load, reported: Reported, campaign: Campaign, tenant: str) -> None:
    files = {
        "a/tenant.yaml": tenant,
        "a/x.yaml": campaign("CAM_001", "Same"),
        "b/tenant.yaml": "name: other\nbaseUri: https://other.incontact.com\n",
        "b/x.yaml": campaign("CAM_001", "Same"),
    }
    assert reported(load_files(files)) == []
