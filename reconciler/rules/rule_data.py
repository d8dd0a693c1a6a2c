"""The reviewed calling hours that come with the package: `data/calling_hours.yaml`.

A row becomes a `Rule` when somebody asks for its jurisdiction: a run needs a few of the fifty-two.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pkgutil import get_data
from typing import Any

from ..canonical import seconds
from ..model import WEEKDAYS
from .intervals import DAY, Intervals, union
from .plain_yaml import compose

FILE = "data/calling_hours.yaml"
SCHEMA = "data/calling_hours.schema.json"


@dataclass(frozen=True, slots=True)
class Rule:
    """Hours that one pause allows. `week` are week seconds on the called party's clock, from MONDAY 00:00.

    `zones`: where the called people are; `hours_in`: the zones in which the hours are read (`zones` but where the
    statute names others). `begins` and `ends` are the first and the last date in force, None where nothing limits
    them. `source` says who vouches for the row: a version of the shipped data, or the tenant's file.
    """

    name: str
    zones: tuple[str, ...]
    hours_in: tuple[str, ...]
    week: Intervals
    holidays_forbidden: bool
    citation: str
    confidence: str | None
    source: str
    begins: date | None = None
    ends: date | None = None

    def in_force(self, day: date) -> bool:
        """Whether the rule binds on that date."""
        return (self.begins is None or self.begins <= day) and (self.ends is None or day <= self.ends)


@dataclass(frozen=True, slots=True)
class RuleData:
    """The shipped file; `regulations` by pause, `jurisdictions` still as raw rows by code."""

    version: str
    reviewed: date
    regulations: Mapping[str, Rule]
    us_zones: frozenset[str]
    jurisdictions: Mapping[str, Sequence[Mapping[str, Any]]]


@lru_cache(maxsize=1)
def shipped() -> RuleData:
    """The rules that come with the package, read once."""
    raw = compose(_package_file(FILE))
    source = f"rule data {raw['version']}"
    return RuleData(
        version=raw["version"],
        reviewed=date.fromisoformat(raw["reviewed"]),
        regulations={name: rule_from(row, name, source) for name, row in raw["regulations"].items()},
        us_zones=frozenset(raw["usZones"]),
        jurisdictions={code: rows_of(rows) for code, rows in raw["jurisdictions"].items()},
    )


@lru_cache(maxsize=1)
def schema() -> dict[str, Any]:
    """The JSON Schema of the rule data."""
    import json

    result: dict[str, Any] = json.loads(_package_file(SCHEMA))
    return result


def rows_of(raw: Any) -> Sequence[Mapping[str, Any]]:
    """The rows of a jurisdiction, which may be written as one row or as a list."""
    return raw if isinstance(raw, list) else [raw]


def rule_from(row: Mapping[str, Any], name: str, source: str, default_zones: Sequence[str] = ()) -> Rule:
    """A rule from a row that the schema accepts; ValueError for a date or a time that does not exist."""
    zones = tuple(row.get("zones", default_zones))
    return Rule(
        name=name,
        zones=zones,
        hours_in=tuple(row.get("hoursIn", zones)),
        week=_week(row["hours"]),
        holidays_forbidden=row.get("holidays") == "forbidden",
        citation=row["citation"],
        confidence=row.get("confidence"),
        source=source,
        begins=_date(row.get("effectiveFrom")),
        ends=_date(row.get("effectiveTo")),
    )


def _date(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _week(hours: Mapping[str, Sequence[Mapping[str, str]]]) -> Intervals:
    return union(
        (index * DAY + seconds(each["from"]), index * DAY + end_of_range(each["to"]))
        for index, day in enumerate(WEEKDAYS)
        for each in hours[day]
    )


def end_of_range(text: str) -> int:
    """The end of a range in seconds after midnight; `24:00` is the end of the day."""
    return DAY if text == "24:00" else seconds(text)


def _package_file(path: str) -> bytes:
    data = get_data(__package__, path)
    if data is None:
        raise FileNotFoundError(f"the package lacks {path}")
    return data
