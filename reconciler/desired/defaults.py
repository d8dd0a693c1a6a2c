"""`defaults.yaml`: what a folder gives to the schedules below it.

The cascade runs from the source's root down. A deeper file wins over a shallower one and the schedule wins over all;
mappings merge, lists replace; but closures of all layers add up, because one that holds for a whole company must not be
lost where a schedule adds its own. Where a value came from stays known, because a finding must point at it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from .. import canonical
from ..canonical import CAPS
from ..intervals import DAY
from ..model import JsonObject
from ..settings import AdminSettings
from .places import FilePlaces
from .reader import Single
from .scope import folders_down_to

if TYPE_CHECKING:
    from ..model.closed import Closure

_SCHEDULE_FIELDS = ("timezone", "jurisdictions", "scheduleDetails", "blackoutPeriods", "complianceRules")


class Defaults(NamedTuple):
    """What one defaults.yaml gives, or several of them merged, and the files it came from, the deepest first.

    `closures` are not in `schedule`: those of the deepest file come first. `broken` says that something is wrong with one of
    the files, so that no schedule below may be planned; what such a file does not say for certain is UNKNOWN. `admin` are the
    settings of a tenant whose schedules are skills.
    """

    schedule: JsonObject
    window: JsonObject
    places: tuple[FilePlaces, ...] = ()
    broken: bool = False
    closures: tuple[Closure, ...] = ()
    admin: AdminSettings | None = None


def defaults_of(single: Single) -> Defaults:
    """What a defaults.yaml gives; of one that cannot be read whole it is not known whether it gives a field or not."""
    places, problems = single.places, single.problems
    if single.findings:
        from .salvage import sections  # late: most files are valid

        data = sections(places and places.document.data, problems, {"schedule": _SCHEDULE_FIELDS, "window": CAPS})
    else:
        data = places.document.data if places is not None else {}
    schedule = dict(data.get("schedule", {}))
    closures = closures_at(schedule.pop("closures")) if "closures" in schedule else ()
    readable = (places,) if places and problems is not None and isinstance(places.document.data, dict) else ()
    return Defaults(schedule, data.get("window", {}), readable, bool(single.findings), closures)


def cascade(by_folder: Mapping[str, Defaults], folder: str, admin: AdminSettings | None = None) -> Defaults:
    """The defaults of `folder`; `by_folder` holds what the defaults.yaml of each folder gives that has one. `admin` are the
    settings of a tenant whose schedules are skills."""
    result = Defaults({}, {}, admin=admin)
    for deeper in [by_folder[above] for above in folders_down_to(folder) if above in by_folder]:
        result = Defaults(
            merged(result.schedule, deeper.schedule),
            merged(result.window, deeper.window),
            (*deeper.places, *result.places),
            result.broken or deeper.broken,
            (*deeper.closures, *result.closures),
            admin,
        )
    return result


def closures_at(raws: Any) -> tuple[Closure, ...]:
    """The closures of one list of a file. One of which something is not known closes nothing, and keeps its number."""
    return tuple(map(_closure, raws)) if isinstance(raws, list) else ()


def _closure(raw: Any) -> Closure:
    fields = raw.items() if isinstance(raw, dict) else ()
    return _closure_of(tuple((field, tuple(value) if isinstance(value, list) else value) for field, value in fields))


@lru_cache(maxsize=4096)
def _closure_of(fields: tuple[tuple[str, Any], ...]) -> Closure:
    """Schedules share a few dozen closures."""
    from ..model.closed import Closure  # late: many tenants have none

    if not all(
        isinstance(part, str) for _, value in fields for part in (value if isinstance(value, tuple) else (value,))
    ):
        return Closure()
    raw: JsonObject = dict(fields)
    first, last = raw.get("date", raw.get("from")), raw.get("date", raw.get("to"))
    return Closure(
        reason=raw.get("reason", ""),
        first=first and date.fromisoformat(first),
        last=last and date.fromisoformat(last),
        start=canonical.seconds(raw.get("startTime", "00:00")),
        end=canonical.seconds(raw["endTime"]) if "endTime" in raw else DAY,
        holidays=raw.get("holidays", ""),
        only=raw.get("only", ()),
        exclude=raw.get("except", ()),
    )


def merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> JsonObject:
    """`over` upon `base`: mappings merge, anything else is replaced."""
    result = {**base, **over}
    for key in base.keys() & over.keys():
        if isinstance(base[key], dict) and isinstance(over[key], dict):
            result[key] = merged(base[key], over[key])
    return result
