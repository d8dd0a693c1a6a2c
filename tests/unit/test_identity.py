"""Which live schedule an entry means, and what is refused rather than guessed."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler import canonical
from reconciler.findings import Location, Severity
from reconciler.identity import Resolution, resolve
from reconciler.model import DesiredSchedule, LiveSchedule
from tests.support.builders import FILE, entry, live, schedule


def derived(name: str) -> str:
    return canonical.derived_id("CAM_001", name)


def named(name: str, *, pinned: str | None = None, line: int = 4) -> DesiredSchedule:
    return entry(schedule(name), pinned=pinned, line=line)


def held(name: str, schedule_id: str | None = None) -> LiveSchedule:
    return live(schedule(name), schedule_id)


@dataclass(frozen=True, slots=True)
class Case:
    """Entries and live schedules, and what each entry's name comes to: its id, and how it was found."""

    entries: Sequence[DesiredSchedule]
    live: Sequence[LiveSchedule]
    ids: dict[str, tuple[str, str]]


CASES = {
    "pinned and live": Case([named("A", pinned="x")], [held("A", "x")], {"A": ("x", "live")}),
    "pinned and live under another name": Case([named("A", pinned="x")], [held("Old", "x")], {"A": ("x", "live")}),
    "pinned and not live": Case([named("A", pinned="x")], [held("A", "y")], {"A": ("x", "create")}),
    "a pin beats the derived id": Case([named("A", pinned="x")], [held("A"), held("A", "x")], {"A": ("x", "live")}),
    "derived and live": Case([named("A")], [held("A")], {"A": (derived("A"), "live")}),
    "derived and renamed in the console": Case(
        [named("A")], [held("Renamed", derived("A"))], {"A": (derived("A"), "live")}
    ),
    "derived beats the name": Case(
        [named("A")], [held("Renamed", derived("A")), held("A", "x")], {"A": (derived("A"), "live")}
    ),
    "adopted by name": Case([named("A")], [held("A", "x"), held("B", "y")], {"A": ("x", "adopted")}),
    "nothing of the kind": Case([named("A")], [held("B", "y")], {"A": (derived("A"), "create")}),
    "nothing at all": Case([named("A")], [], {"A": (derived("A"), "create")}),
    "equal names with different pins": Case(
        [named("A", pinned="x"), named("A", pinned="y")],
        [held("A", "x"), held("A", "y")],
        {"A": ("x", "live"), "A ": ("y", "live")},
    ),
    "what another entry pins is not adopted": Case(
        [named("A"), named("B", pinned="x")],
        [held("A", "x")],
        {"A": (derived("A"), "create"), "B": ("x", "live")},
    ),
    "what another entry derives is not adopted": Case(
        [named("A"), named("B")],
        [held("A", derived("B"))],
        {"A": (derived("A"), "create"), "B": (derived("B"), "live")},
    ),
    "the only one that nobody else claims is adopted": Case(
        [named("A"), named("B", pinned="x")],
        [held("A", "x"), held("A", "y")],
        {"A": ("y", "adopted"), "B": ("x", "live")},
    ),
    "names are told apart by every letter": Case(
        [named("a")], [held("A", "x"), held("a ", "y")], {"a": (derived("a"), "create")}
    ),
}


def found(resolution: Resolution) -> dict[str, tuple[str, str]]:
    ids: dict[str, tuple[str, str]] = {}
    for matched in resolution.resolved:
        name = matched.schedule.name + " " * (matched.schedule.name in ids)
        way = "create" if matched.live is None else "adopted" if matched.adopted else "live"
        ids[name] = matched.schedule_id, way
    return ids


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_an_entry_finds_its_id(case: Case) -> None:
    resolution = resolve(case.entries, case.live)
    assert found(resolution) == case.ids
    assert all(matched.live is None or matched.live in case.live for matched in resolution.resolved)
    assert [finding.code for finding in resolution.findings] == [
        "adopted" for _, way in case.ids.values() if way == "adopted"
    ]


def test_an_adoption_is_told_with_the_line_that_would_pin_it() -> None:
    (finding,) = resolve([named("Evening", line=9)], [held("Evening", "x-1")]).findings
    assert (finding.severity, finding.code) == (Severity.NOTICE, "adopted")
    assert finding.location == Location(FILE, 9, 2)
    assert finding.message == (
        "schedule 'Evening' of CAM_001 is matched by its name with the live schedule x-1; write `id: x-1` into the file to "
        "keep that link through a rename"
    )


def test_of_several_live_schedules_of_one_name_none_is_taken_and_none_is_created() -> None:
    resolution = resolve([named("Evening", line=9)], [held("Evening", "b"), held("Evening", "a"), held("Other", "c")])
    assert resolution.resolved == ()
    (finding,) = resolution.findings
    assert (finding.severity, finding.code) == (Severity.ERROR, "ambiguous-name")
    assert finding.location == Location(FILE, 9, 2)
    assert finding.message == (
        "campaign CAM_001 holds 2 schedules named 'Evening', and nothing says which one of them this is; write the id of "
        "the right one into the file as `id:`, one of a, b"
    )


@pytest.mark.parametrize(
    ("first", "second", "live_ones", "words"),
    [
        (named("A", line=4), named("A", line=20), [], ("derived from its name", "derived from its name")),
        (
            named("A", line=4),
            named("A", line=20),
            [held("A", "x")],
            ("the only live schedule of its name", "the only live schedule of its name"),
        ),
        (
            named("A", pinned="x", line=4),
            named("B", pinned="x", line=20),
            [held("A", "x")],
            ("pinned in the file", "pinned in the file"),
        ),
        (
            named("A", pinned=derived("B"), line=4),
            named("B", line=20),
            [],
            ("pinned in the file", "derived from its name"),
        ),
        (
            named("A", pinned=derived("B"), line=4),
            named("B", line=20),
            [held("B")],
            ("pinned in the file", "derived from its name"),
        ),
    ],
)
def test_two_entries_that_come_to_one_id_are_told_with_both_places(
    first: DesiredSchedule, second: DesiredSchedule, live_ones: list[LiveSchedule], words: tuple[str, str]
) -> None:
    for entries in ([first, second], [second, first]):
        resolution = resolve(entries, live_ones)
        assert [matched.schedule for matched in resolution.resolved] == [first], (
            "the first one by its place in the file"
        )
        (finding,) = [fault for fault in resolution.findings if fault.code != "adopted"]
        assert (finding.severity, finding.code) == (Severity.ERROR, "duplicate-schedule")
        assert finding.location == Location(FILE, 20, 1)
        assert f"{FILE}:4:1 ({words[0]})" in finding.message
        assert f"{resolution.resolved[0].schedule_id} ({words[1]})" in finding.message


def test_each_further_entry_of_one_id_is_told() -> None:
    entries = [named(name, pinned="x", line=line) for name, line in (("A", 4), ("B", 8), ("C", 12))]
    findings = resolve(entries, []).findings
    assert [(finding.code, finding.location) for finding in findings] == [
        ("duplicate-schedule", Location(FILE, 8, 1)),
        ("duplicate-schedule", Location(FILE, 12, 1)),
    ]


_NAMES = st.sampled_from(["A", "B"])
_IDS = st.sampled_from(["x", "y", derived("A"), derived("B")])
_LIVE = st.lists(st.tuples(_NAMES, _IDS), max_size=4, unique_by=lambda live: live[1])
_ENTRIES = st.lists(st.tuples(_NAMES, st.none() | _IDS), max_size=4)


@given(_ENTRIES, _LIVE, st.randoms(use_true_random=False))
def test_no_schedule_has_two_owners_and_the_order_is_irrelevant(
    entries: list[tuple[str, str | None]], live_ones: list[tuple[str, str]], order: random.Random
) -> None:
    desired = [named(name, pinned=pinned, line=line) for line, (name, pinned) in enumerate(entries, start=1)]
    there = [held(name, schedule_id) for name, schedule_id in live_ones]
    resolution = resolve(desired, there)

    ids = [matched.schedule_id for matched in resolution.resolved]
    assert ids == sorted(set(ids))
    told = {
        finding.location.line
        for finding in resolution.findings
        if finding.location and finding.severity is Severity.ERROR
    }
    lines = {matched.schedule.places.locate().line for matched in resolution.resolved}
    assert lines | told == set(range(1, len(entries) + 1)), "every entry has an id or an error"
    assert not lines & told

    again = resolve(order.sample(desired, len(desired)), order.sample(there, len(there)))
    assert again.resolved == resolution.resolved
    assert set(again.findings) == set(resolution.findings)


@given(_ENTRIES, _LIVE)
def test_an_adopted_schedule_is_claimed_by_nobody_else(
    entries: list[tuple[str, str | None]], live_ones: list[tuple[str, str]]
) -> None:
    desired = [named(name, pinned=pinned) for name, pinned in entries]
    claimed = {pinned for _, pinned in entries if pinned} | {derived(name) for name, pinned in entries if not pinned}
    for matched in resolve(desired, [held(*one) for one in live_ones]).resolved:
        assert not (matched.adopted and matched.schedule_id in claimed)
