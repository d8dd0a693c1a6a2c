"""The differences within one schedule, field by field, and who asked for each (design §5).

DeepDiff gets single schedules only, with windows, blackouts and pauses keyed: on plain lists it pairs the wrong items,
and with `ignore_order` it takes minutes on a few hundred.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .. import canonical
from ..model import DesiredSchedule, FieldChange, JsonObject, Origin, Path
from .places import place_of

_ABSENT = object()


def field_changes(
    entry: DesiredSchedule, desired: JsonObject, live: JsonObject, base: JsonObject | None, *, with_base: bool
) -> tuple[FieldChange, ...]:
    """What differs between two canonical contents, sorted by path, windows by the calendar.

    `base` is the schedule's canonical content at the base, None where git did not have it there; without a base
    (`with_base` False) the origins are None.
    """
    keyed_base = canonical.keyed(base) if base is not None else None
    differences = _differences(canonical.keyed(live), canonical.keyed(desired))
    return tuple(
        FieldChange(
            path=canonical.field_path(path),
            live=None if live_value is _ABSENT else live_value,
            desired=None if desired_value is _ABSENT else desired_value,
            origin=_origin(keyed_base, path, desired_value, live_value) if with_base else None,
            source=place_of(entry, path),
        )
        for path, live_value, desired_value in sorted(
            differences, key=lambda difference: canonical.path_order(difference[0])
        )
    )


def _differences(live: JsonObject, desired: JsonObject) -> Iterator[tuple[Path, Any, Any]]:
    from deepdiff import DeepDiff  # 110 ms that a plan without changes need not pay

    tree = DeepDiff(
        live,
        desired,
        view="tree",
        threshold_to_diff_deeper=0,  # else two mappings with few keys in common are one difference
        ignore_private_variables=False,  # else keys that begin with "__" are not compared
    )
    for kind, levels in tree.items():
        for level in levels:
            yield (
                tuple(level.path(output_format="list")),
                _ABSENT if kind == "dictionary_item_added" else level.t1,
                _ABSENT if kind == "dictionary_item_removed" else level.t2,
            )


def _origin(base: JsonObject | None, path: Path, desired: Any, live: Any) -> Origin:
    """Three-way: absence is a value; a schedule that is new in git but already live is a conflict as a whole."""
    if base is None:
        return Origin.CONFLICT
    before: Any = base
    for part in path:
        before = before.get(part, _ABSENT) if isinstance(before, dict) else _ABSENT
    if before == live:
        return Origin.CHANGE
    return Origin.DRIFT if before == desired else Origin.CONFLICT
