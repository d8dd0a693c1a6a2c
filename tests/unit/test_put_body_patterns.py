"""Patterns of fields, and which fields a tenant manages itself."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler import put_body
from reconciler.model import Path
from tests.support.builders import content, schedule, window

MONDAY = ("scheduleDetails", "MONDAY 09:00:00")
LUNCH = ("blackoutPeriods", "12:00:00 LUNCH_BREAK")


@pytest.mark.parametrize(
    ("path", "name"),
    [
        (("timezone",), ("timezone",)),
        (MONDAY, ("scheduleDetails",)),
        ((*MONDAY, "endTime"), ("scheduleDetails", "endTime")),
        ((*LUNCH, "endTime"), ("blackoutPeriods", "endTime")),
        (("complianceRules", "regulatoryPauses", "TCPA"), ("complianceRules", "regulatoryPauses", "TCPA")),
    ],
)
def test_a_plain_path_names_no_window_and_no_blackout(path: Path, name: Path) -> None:
    assert put_body.plain(path) == name


@pytest.mark.parametrize(
    ("patterns", "path", "covered"),
    [
        ((("scheduleDetails", "predictiveRate"),), (*MONDAY, "predictiveRate"), True),
        ((("scheduleDetails", "predictiveRate"),), (*MONDAY, "endTime"), False),
        ((("scheduleDetails", "predictiveRate"),), MONDAY, False),
        ((("scheduleDetails",),), (*MONDAY, "endTime"), True),
        ((("scheduleDetails",),), MONDAY, True),
        ((("complianceRules", "regulatoryPauses"),), ("complianceRules", "regulatoryPauses", "FCC"), True),
        ((("name",), ("timezone",)), ("timezone",), True),
        ((), ("timezone",), False),
    ],
)
def test_a_pattern_covers_its_field_and_all_below(patterns: put_body.Patterns, path: Path, *, covered: bool) -> None:
    assert put_body.covers(patterns, path) is covered


def test_without_takes_a_field_out_of_every_window() -> None:
    held = content(schedule(scheduleDetails=[window(), window("TUESDAY")]))
    left = put_body.without(held, (("scheduleDetails", "predictiveRate"), ("timezone",)))
    assert left == {
        **{key: value for key, value in held.items() if key != "timezone"},
        "scheduleDetails": [
            {key: value for key, value in span.items() if key != "predictiveRate"} for span in held["scheduleDetails"]
        ],
    }
    assert "timezone" in held, "the content itself must stay as it is"


def test_without_any_pattern_or_with_all_of_them() -> None:
    held = content(schedule())
    assert put_body.without(held, ()) == held
    assert put_body.without(held, tuple((name,) for name in held)) == {}
    assert put_body.without(held, (("timezone", "below"), ("nowhere",), ("nowhere", "else"))) == held


EXTRAS = (
    (("priority",), 3),
    (("routing",), {"profile": "gold", "queue": {"id": 7, "name": "a"}}),
    (("notes",), [{"by": "x", "text": "t"}, {"text": "u"}]),
    ((*MONDAY, "wrapUp"), 30),
    (("complianceRules", "consent"), True),
)


@pytest.mark.parametrize(
    ("pattern", "kept"),
    [
        (("priority",), [(("priority",), 3)]),
        (("routing", "profile"), [(("routing",), {"profile": "gold"})]),
        (("routing", "queue", "id"), [(("routing",), {"queue": {"id": 7}})]),
        (("routing", "missing"), []),
        (("priority", "below"), []),
        (("notes", "by"), [(("notes",), [{"by": "x"}])]),
        (("scheduleDetails", "wrapUp"), [((*MONDAY, "wrapUp"), 30)]),
        (("scheduleDetails",), [((*MONDAY, "wrapUp"), 30)]),
        (("complianceRules", "consent"), [(("complianceRules", "consent"), True)]),
        (("wrapUp",), []),
    ],
)
def test_a_pattern_selects_a_field_or_its_part(pattern: Path, kept: list[put_body.Extra]) -> None:
    assert list(put_body.selected(EXTRAS, (pattern,))) == kept


_NAMES = st.sampled_from(["a", "b", "c"])
_VALUES = st.recursive(st.integers(0, 3), lambda inner: st.dictionaries(_NAMES, inner, min_size=1), max_leaves=6)


def _leaves(value: Any, path: Path = ()) -> set[tuple[Path, Any]]:
    if not isinstance(value, dict):
        return {(path, value)}
    return {leaf for key, item in value.items() for leaf in _leaves(item, (*path, key))}


@given(
    st.dictionaries(st.tuples(_NAMES), _VALUES),
    st.lists(st.lists(_NAMES, min_size=1, max_size=4).map(tuple), max_size=3).map(tuple),
)
def test_what_is_selected_and_what_is_left_are_the_whole(extras: dict[Path, Any], patterns: put_body.Patterns) -> None:
    def leaves(found: Any) -> set[tuple[Path, Any]]:
        return {leaf for path, value in found for leaf in _leaves(value, path)}

    named, rest = put_body.selected(extras.items(), patterns), put_body.unselected(extras.items(), patterns)
    expected = {
        leaf for leaf in leaves(extras.items()) if any(leaf[0][: len(pattern)] == pattern for pattern in patterns)
    }
    assert leaves(named) == expected
    assert leaves(rest) == leaves(extras.items()) - expected


@pytest.mark.parametrize(
    "name",
    [
        *("status", "version", "etag", "ETag", "_etag", "selfUri", "links", "_links"),
        *(
            "created",
            "createdAt",
            "createdBy",
            "createdDate",
            "created_at",
            "createDate",
            "creationTime",
            "dateCreated",
        ),
        *(
            "updated",
            "updatedOn",
            "updateTimestamp",
            "lastUpdated",
            "lastUpdatedBy",
            "updatedByUserId",
            "timeUpdated",
        ),
        *(
            "modified",
            "modifiedDate",
            "lastModified",
            "lastModifiedDateTime",
            "last_modified_by",
            "modificationDate",
        ),
        *("lastUpdateTime", "createdAtUtc", "modifiedByUserName", "userModified"),
    ],
)
def test_what_the_tenant_manages_itself(name: str) -> None:
    assert put_body.server_managed((name,))
    assert put_body.server_managed((*MONDAY, name))


@pytest.mark.parametrize(
    "name",
    [
        *(
            "priority",
            "wrapUpSeconds",
            "statusReason",
            "versionNotes",
            "linksPolicy",
            "update",
            "create",
            "modify",
        ),
        *(
            "updatePolicy",
            "createdFrom",
            "dateRange",
            "lastCall",
            "timezoneOverride",
            "userId",
            "modifiedRules",
            "",
        ),
    ],
)
def test_what_somebody_could_miss(name: str) -> None:
    assert not put_body.server_managed((name,))
