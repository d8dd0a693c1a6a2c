from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from reconciler.desired.defaults import Defaults, cascade, merged
from reconciler.desired.places import FilePlaces
from reconciler.desired.scope import folders_down_to
from reconciler.findings import Location

Make = Callable[..., FilePlaces]
MakeLayer = Callable[..., Defaults]

_MAPPINGS = st.recursive(
    st.dictionaries(st.sampled_from("abc"), st.integers() | st.lists(st.integers(), max_size=2), max_size=3),
    lambda inner: st.dictionaries(st.sampled_from("abc"), inner | st.integers(), max_size=3),
    max_leaves=6,
)


def test_folders_from_the_root_down() -> None:
    assert folders_down_to("") == ("",)
    assert folders_down_to("a/b") == ("", "a", "a/b")


def test_mappings_merge_and_lists_replace() -> None:
    base = {"zone": "A", "rules": {"pauses": ["X"], "projection": True}, "list": [1, 2]}
    over = {"rules": {"pauses": ["Y"]}, "list": [], "name": "n"}
    assert merged(base, over) == {
        "zone": "A",
        "rules": {"pauses": ["Y"], "projection": True},
        "list": [],
        "name": "n",
    }
    assert merged({"a": {"b": 1}}, {"a": None}) == {"a": None}


@given(_MAPPINGS, _MAPPINGS, _MAPPINGS)
def test_merging_is_associative_and_changes_nothing_given(
    first: dict[str, Any], second: dict[str, Any], third: dict[str, Any]
) -> None:
    before = repr((first, second, third))
    assert merged(merged(first, {}), first) == first == merged({}, first)
    left, right = merged(first, second), merged(second, third)
    if not _clash(first, second, third):
        assert merged(left, third) == merged(first, right)
    assert repr((first, second, third)) == before


def _clash(first: Any, second: Any, third: Any) -> bool:
    """Whether a value between two mappings cuts the merge, which then depends on the order."""
    return any(
        not isinstance(second[key], dict) or _clash(first[key], second[key], third[key])
        for key in first.keys() & second.keys() & third.keys()
        if isinstance(first[key], dict) and isinstance(third[key], dict)
    )


def test_deeper_files_win(layer: MakeLayer) -> None:
    files = {
        "": layer(
            "schedule: {timezone: A, complianceRules: {regulatoryPauses: [TCPA]}}\nwindow: {predictiveRate: 1}",
            "0",
        ),
        "s": layer("window: {predictiveRate: 2, maxCallsPerDay: 5}", "1"),
        "s/eu": layer("schedule: {timezone: B}", "2"),
        "s/us": layer("schedule: {timezone: C}", "3"),
    }
    eu = cascade(files, "s/eu/deep")
    assert eu.schedule == {"timezone": "B", "complianceRules": {"regulatoryPauses": ["TCPA"]}}
    assert eu.window == {"predictiveRate": 2, "maxCallsPerDay": 5}
    assert [place.file for place in eu.places] == ["2", "1", "0"]
    assert cascade(files, "").schedule["timezone"] == "A"
    assert cascade({}, "s") == cascade({}, "")


def test_an_unusable_file_breaks_what_is_below_it(layer: MakeLayer) -> None:
    files = {
        "": layer("window: {predictiveRate: 1}"),
        "s": Defaults({}, {}, (), broken=True),
        "s/eu": layer("window: {predictiveRate: 2}"),
    }
    assert not cascade(files, "").broken
    assert cascade(files, "s").broken
    assert cascade(files, "s/eu").broken
    assert not cascade(files, "t").broken
    assert [place.locate().line for place in cascade(files, "s/eu").places] == [1, 1]


def test_an_origin_knows_places(origin: Make) -> None:
    made = origin("a:\n  b: 1\n", "s/x.yaml")
    assert made.locate(("a", "b")) == Location("s/x.yaml", 2, 6)
    assert made.locate(("a", "b"), key=True) == Location("s/x.yaml", 2, 3)
    assert made.locate() == Location("s/x.yaml", 1, 1)
