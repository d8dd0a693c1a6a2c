"""Texts that say what live says, or, where that cannot be, what they said before."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from reconciler import canonical
from reconciler.errors import ReconcilerError
from reconciler.importing.folder import Overlay
from reconciler.importing.settle import ImportTask, Settled, files_state, settle, unsettled
from reconciler.model import CampaignLive, LiveSchedule
from reconciler.sources import WorkTree
from tests.support.builders import live, rules, schedule, window

TENANT_FILE = b"name: acme\nbaseUri: https://api.usw2.niceincontact.com\n"
PLAIN = {
    "timezone": "UTC",
    "blackoutPeriods": [],
    "complianceRules": {**rules(), "agentAvailabilityProjection": False},
}


def held(name: str, cap: int = 5000, **fields: str) -> LiveSchedule:
    """What the tenant holds of a schedule with one window."""
    return live(schedule(name, **{**PLAIN, "scheduleDetails": [window(maxCallsPerDay=cap)], **fields}), name)


def entry(name: str, cap: str = "5000") -> str:
    """The entry of such a schedule."""
    return (
        f"- name: {name}\n  timezone: UTC\n  scheduleDetails:\n  - dayOfWeek: MONDAY\n    startTime: 09:00\n"
        f"    endTime: 17:00\n    maxCallsPerDay: {cap}\n    maxCallsPerHour: 800\n    predictiveRate: 1.2\n"
        "    maxCallsPerAgentPerDay: 150\n"
    )


def settled(folder: Path, text: str, *schedules: LiveSchedule, left: Mapping[str, str] | None = None) -> Settled:
    """Settle one campaign file."""
    source = Overlay(WorkTree(str(folder)), {"tenant.yaml": TENANT_FILE, "c.yaml": text.encode()})
    task = ImportTask(
        path=str(folder),
        tenant="acme",
        allowed=frozenset(),
        ignored=(),
        live={"CAM_001": CampaignLive("CAM_001", schedules)},
        create={},
        homes={"CAM_001": "c.yaml"},
        left={("CAM_001", name): reason for name, reason in (left or {}).items()},
    )
    outcome = settle(task, source, files_state(task, source))
    assert not unsettled(task, outcome, files_state(task, source.with_texts(outcome.texts)))
    if outcome.texts:
        assert unsettled(task, outcome, files_state(task, source))
    return outcome


def head(*entries: str) -> str:
    """A campaign file."""
    return "campaignId: CAM_001\nschedules:\n" + "".join(entries)


def test_effects_of_an_anchor_are_taken_back_where_they_are_not_meant(tmp_path: Path) -> None:
    text = head(entry("A", "&cap 5000"), entry("B", "*cap"), entry("C", "*cap"), entry("Gone", "*cap"))
    outcome = settled(tmp_path, text, held("A", 9), held("B", 9), held("C"))
    assert outcome.texts["c.yaml"].decode() == head(entry("A", "&cap 9"), entry("B", "*cap"), entry("C"), entry("Gone"))
    assert outcome.failed == {}


def test_what_comes_right_with_its_anchor_is_not_written_out(tmp_path: Path) -> None:
    first = entry("A").replace("  - dayOfWeek", "  - &w\n    dayOfWeek").replace("5000", "&cap 5000")
    merging = "  - <<: *w\n    dayOfWeek: TUESDAY\n  - dayOfWeek: SUNDAY\n" + entry("x", "*cap").split("MONDAY\n")[1]
    other = "- name: B\n  timezone: UTC\n  scheduleDetails:\n  - *w\n"
    days = [window(day, maxCallsPerDay=9) for day in ("MONDAY", "TUESDAY", "SUNDAY")]
    whole = live(schedule("A", **{**PLAIN, "scheduleDetails": days}), "A")
    text = head(first, merging, other)
    outcome = settled(tmp_path, text, whole, held("B", 9))
    assert outcome.texts["c.yaml"].decode() == text.replace("&cap 5000", "&cap 9")


def test_an_entry_that_has_to_stay_stays_whatever_happens_around_it(tmp_path: Path) -> None:
    text = head(entry("A", "&cap 5000"), entry("B", "*cap"))
    outcome = settled(tmp_path, text, held("A", 9), held("B", 999999), left={"B": "too many"})
    assert outcome.texts["c.yaml"].decode() == head(entry("A", "&cap 9"), entry("B"))


ODD = (
    entry("B")
    .replace("  timezone", "  ? timezone")
    .replace("? timezone: UTC", "? timezone\n  : UTC")
    .replace("- name", "- ? name")
    .replace("? name: B", "? name\n  : B")
)


def test_what_cannot_be_edited_is_left_and_told_and_the_rest_is_done(tmp_path: Path) -> None:
    changed = held("B")._replace(
        content={
            **held("B").content,
            "complianceRules": {**held("B").content["complianceRules"], "regulatoryPauses": ["TCPA"]},
        },
    )
    outcome = settled(tmp_path, head(entry("A"), ODD), held("A", 9), changed)
    assert outcome.texts["c.yaml"].decode() == head(entry("A", "9"), ODD)
    assert list(outcome.failed) == [("CAM_001", "B")]
    assert "question mark" in outcome.failed["CAM_001", "B"]


def test_what_only_had_to_stay_is_not_told(tmp_path: Path) -> None:
    text = head(entry("Base").replace("- name", "- &base\n  name"), "- <<: *base\n  name: Other\n")
    derived = canonical.derived_id("CAM_001", "Base")
    renamed = held("Renamed")._replace(schedule_id=derived)  # its pinned id would be merged into the other one
    outcome = settled(tmp_path, text, renamed, held("Other"))
    assert outcome.texts == {}
    assert list(outcome.failed) == [("CAM_001", derived)]


def test_new_schedules_and_gone_ones(tmp_path: Path) -> None:
    outcome = settled(tmp_path, head(entry("Gone")), held("New"))
    text = outcome.texts["c.yaml"].decode()
    assert text.startswith(head(entry("Gone")) + "- name: New\n  id: New\n")
    assert [key for key, entry in outcome.before.entries.items() if entry.live is None] == [
        key for key in outcome.after.entries if key[1] != "New"
    ]


def test_nothing_to_do_makes_no_text(tmp_path: Path) -> None:
    assert settled(tmp_path, head(entry("A")), held("A")).texts == {}


def test_two_schedules_that_swapped_their_names_are_told_apart_by_their_ids(tmp_path: Path) -> None:
    first, second = (held(name)._replace(schedule_id=name * 3) for name in ("A", "B"))
    text = head(
        entry("A").replace("name: A", "name: A\n  id: AAA"),
        entry("B").replace("name: B", "name: B\n  id: BBB"),
    )
    swapped = [live._replace(content={**live.content, "name": name}) for live, name in ((first, "B"), (second, "A"))]
    outcome = settled(tmp_path, text, *swapped)
    assert outcome.texts["c.yaml"].decode() == text.replace("name: A", "name: ?").replace("name: B", "name: A").replace(
        "name: ?", "name: B"
    )


def test_files_that_nobody_can_load_again_are_an_error_and_not_a_guess(tmp_path: Path) -> None:
    source = Overlay(WorkTree(str(tmp_path)), {"tenant.yaml": TENANT_FILE, "c.yaml": head(entry("A")).encode()})
    task = ImportTask(
        str(tmp_path),
        "acme",
        frozenset(),
        (),
        {"CAM_001": CampaignLive("CAM_001", (held("A", 9),))},
        {},
        {"CAM_001": "c.yaml"},
        {},
    )
    before = files_state(task, source)
    broken = source.with_texts({"other.yaml": b"campaignId: ["})
    with pytest.raises(ReconcilerError, match="nothing was written"):
        settle(task, broken, before)


def test_neighbors_that_would_harm_an_entry_that_has_to_stay_are_left_too(tmp_path: Path) -> None:
    base = entry("Base").replace("- name", "- &base\n  name").replace("timezone: UTC", "timezone: &zone UTC")
    odd = "- ? name\n  : Odd\n  <<: *base\n"
    moved = held("Base", timezone="Asia/Tokyo")
    outcome = settled(tmp_path, head(base, odd), moved, held("Odd"))
    assert outcome.texts.get("c.yaml", head(base, odd).encode()).decode() == head(base, odd)
    assert list(outcome.failed) == [("CAM_001", "Base")]
    assert "shares values with another entry" in outcome.failed["CAM_001", "Base"]


def test_entries_behind_a_merge_key_at_the_top_cannot_be_edited(tmp_path: Path) -> None:
    window = entry("x").partition("scheduleDetails:\n")[2].replace("  - dayOfWeek", "    - dayOfWeek")
    text = (
        "campaignId: CAM_001\n<<:\n  schedules:\n  - name: A\n    timezone: UTC\n    scheduleDetails:\n"
        + window.replace("\n    ", "\n      ")
    )
    outcome = settled(tmp_path, text, held("A", 9), held("New"))
    assert outcome.texts.get("c.yaml", text.encode()).decode() == text
    assert {key[1]: reason for key, reason in outcome.failed.items()} == {
        "A": "its entry does not come to say what the tenant holds",
        "New": "a list is written somewhere else",
    }


def test_without_a_way_to_keep_what_has_to_stay_nothing_is_written(tmp_path: Path) -> None:
    paused = f"{ODD}  complianceRules: {{regulatoryPauses: [TCPA]}}\n"
    files = {"tenant.yaml": TENANT_FILE, "c.yaml": head(paused).encode()}
    source = Overlay(WorkTree(str(tmp_path)), files)
    task = ImportTask(
        path=str(tmp_path),
        tenant="acme",
        allowed=frozenset(),
        ignored=(),
        live={
            "CAM_001": CampaignLive("CAM_001", (held("B"),)),
            "CAM_002": CampaignLive("CAM_002", (held("New"),)),
        },
        create={"CAM_002": "new.yaml"},
        homes={"CAM_001": "c.yaml"},
        left={("CAM_001", "B"): "too many"},
    )
    before = files_state(task, source)
    changed_meanwhile = source.with_texts({"c.yaml": head(ODD).encode()})
    with pytest.raises(ReconcilerError, match="no way was found to leave schedule B"):
        settle(task, changed_meanwhile, before)
