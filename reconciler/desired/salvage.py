"""What of a document can still be used where its schema refuses parts of it.

One mistake must not hide the others, so what is valid by itself is checked all the same. A part that is not takes the
value UNKNOWN, which hides the defaults as the right value would: no check may judge what would stand there in its place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from enum import Enum
from typing import Any

from ..model import DesiredSchedule, JsonObject, PartialSchedule, Path
from .wording import Problem

Hidden = frozenset[str] | None
_JURISDICTIONS = ("compliance", "jurisdictions")


class Unknown(Enum):
    """The one value that is not known."""

    UNKNOWN = "unknown"


UNKNOWN = Unknown.UNKNOWN


def known(data: Any, problems: Iterable[Problem]) -> Any:
    """`data` less what the problems are about: UNKNOWN for values, nothing for keys that no schema knows. A field that is
    just missing stays missing. `data` itself is not changed."""
    for problem in problems:
        if problem.at_key:
            data = _changed(data, problem.path[:-1], lambda holder, key=problem.path[-1]: _without(holder, key))
        elif not problem.lacks:
            data = _changed(data, problem.path, lambda _: UNKNOWN)
    return data


def with_typos_unknown(data: Any, problems: Iterable[Problem]) -> Any:
    """`data` with UNKNOWN for each field that is missing where an unknown key may stand for it: `timezon: UTC` says
    something about the time zone, and a default in its place would not be what was meant."""
    for problem in problems:
        if problem.meant:
            data = _changed(data, problem.path[:-1], lambda holder, field=problem.meant: {field: UNKNOWN, **holder})
    return data


def without_unknown(data: Any) -> Any:
    """The same with all that is UNKNOWN left out."""
    if isinstance(data, dict):
        return {key: without_unknown(value) for key, value in data.items() if value is not UNKNOWN}
    return [without_unknown(item) for item in data if item is not UNKNOWN] if isinstance(data, list) else data


def _without(holder: dict[str, Any], key: str | int) -> dict[str, Any]:
    return {name: value for name, value in holder.items() if name != key}


def _changed(data: Any, path: Path, change: Any) -> Any:
    """`data` with the value at `path` changed; unchanged where something above it is unknown already."""
    if data is UNKNOWN:
        return data
    if not path:
        return change(data)
    part, rest = path[0], path[1:]
    if isinstance(data, dict):
        return {**data, part: _changed(data[part], rest, change)} if part in data else data
    copy = list(data)
    copy[int(part)] = _changed(copy[int(part)], rest, change)
    return copy


def sections(
    data: Any, problems: tuple[Problem, ...] | None, fields: Mapping[str, tuple[str, ...]]
) -> dict[str, JsonObject]:
    """What is known of a defaults.yaml, whose sections have these fields: of one that is not known none is. `problems` are
    those of its schema; None where it cannot be read whole."""
    whole = with_typos_unknown(known(data, problems), problems) if problems is not None else UNKNOWN
    of_sections = dict.fromkeys(fields, UNKNOWN) if whole is UNKNOWN else whole
    return {
        name: dict.fromkeys(fields[name], UNKNOWN) if section is UNKNOWN else section
        for name, section in of_sections.items()
        if name in fields
    }


def known_names(data: JsonObject, field: str) -> dict[int, str]:
    """The names that a list of a tenant.yaml holds, by their number, as far as they are known."""
    listed = data.get(field, ())
    return {number: name for number, name in enumerate(listed if listed is not UNKNOWN else ()) if name is not UNKNOWN}


def tenant(data: Any, problems: tuple[Problem, ...] | None) -> tuple[JsonObject, JsonObject, Hidden]:
    """What is known of a tenant.yaml: with UNKNOWN for what is not, without all of that, and the jurisdictions whose hours it
    does not give. `problems` are those of its schema; None where it cannot be read whole."""
    known_data = known(data, problems) if problems is not None else {}
    data = known_data if known_data is not UNKNOWN else {}
    hidden = hidden_hours(problems)
    certain: JsonObject = without_unknown(data)
    compliance = certain.get("compliance", {})
    hours = compliance.get("jurisdictions", {})
    sure = {code: rule for code, rule in hours.items() if hidden is not None and code not in hidden}
    return data, {**certain, "compliance": {**compliance, "jurisdictions": sure}}, hidden


def hidden_hours(problems: Iterable[Problem] | None) -> Hidden:
    """The jurisdictions whose calling hours a tenant.yaml with these problems does not give; None where those may be all
    of them. The shipped hours of these are no help: the tenant meant others."""
    if problems is None:
        return None
    codes = set()
    for problem in problems:
        path = (*problem.path[:-1], problem.meant) if problem.meant else problem.path
        if not path or path == _JURISDICTIONS[: len(path)]:
            if problem.lacks:
                continue
            return None
        if path[:2] == _JURISDICTIONS:
            if problem.at_key and len(path) == 3:
                return None
            codes.add(str(path[2]))
    return frozenset(codes)


def checkable(
    schedules: Iterable[DesiredSchedule], partial: Iterable[PartialSchedule], hidden: Hidden
) -> tuple[list[DesiredSchedule], list[PartialSchedule]]:
    """The schedules of a tenant with hidden jurisdictions, and what is known of the others: a schedule that lists one of
    these is known in part only."""
    whole: list[DesiredSchedule] = []
    parts = [part._replace(schedule=_without_hours(part.schedule, hidden)) for part in partial]
    for schedule in schedules:
        shown = _without_hours(schedule, hidden)
        if shown is schedule:
            whole.append(schedule)
        else:
            parts.append(PartialSchedule(shown, frozenset()))
    return whole, parts


def _without_hours(schedule: DesiredSchedule, hidden: Hidden) -> DesiredSchedule:
    """The same schedule with its hidden jurisdictions unknown; the very same where it has none."""
    codes = tuple("" if hidden is None or code in hidden else code for code in schedule.jurisdictions)
    return schedule if codes == schedule.jurisdictions else schedule._replace(jurisdictions=codes)


def of_entries(problems: Iterable[Problem]) -> dict[int, list[Problem]]:
    """The problems of each schedule of a campaign, by its number, with paths that begin at its entry."""
    by_entry: dict[int, list[Problem]] = {}
    for problem in problems:
        match problem.path:
            case "schedules", int(index), *rest:
                by_entry.setdefault(index, []).append(replace(problem, path=tuple(rest)))
    return by_entry


def has_entries(data: Any, problems: Iterable[Problem]) -> bool:
    """Whether a document has a list of schedules of which it is known what is wrong with each."""
    if not isinstance(data, dict) or not isinstance(data.get("schedules"), list):
        return False
    return all(problem.path or problem.lacks for problem in problems)
