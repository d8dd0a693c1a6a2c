"""The calling hours that bind a tenant: the reviewed rows that come with the package (`data/calling_hours.yaml`), and
above them the rows of its `tenant.yaml`.

A tenant's rows replace the shipped rows of that jurisdiction. Broken rows never fall back to the shipped ones: until
they are corrected the jurisdiction is unknown, and a schedule that lists it is in error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pkgutil import get_data
from typing import Any

import yaml

from ..canonical import field_path, seconds
from ..findings import Finding, Location, Severity, in_order
from ..intervals import DAY, Intervals, union
from ..model import WEEKDAYS, Path
from ..phrases import quote
from ..settings import TenantSettings
from .zones import names, unknown_zone

LocatePath = Callable[[Path], Location]
_Fault = tuple[Path, str]
Row = Mapping[str, Any]

FEDERAL = "TCPA"
"""The name of the federal hours; FCC is another name for them."""
NCDOJ = "NCDOJ"
_FILE = "data/calling_hours.yaml"
_ROOT: Path = ("compliance", "jurisdictions")


@dataclass(frozen=True, slots=True)
class Rule:
    """Hours that one law allows. `week` are week seconds on the called party's clock, from MONDAY 00:00.

    `zones` are those in which the hours are read, `begins` and `ends` the first and the last date in force, None where
    nothing limits them. `source` says who vouches for the row: a version of the shipped data, or the tenant's file.
    """

    name: str
    zones: tuple[str, ...]
    week: Intervals
    holidays_forbidden: bool
    citation: str
    confidence: str | None
    source: str
    begins: date | None = None
    ends: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    """Where its people live, and its own rules of all dates: none where only the federal hours are known to hold, and then
    `confidence` and `note` say how sure that is."""

    zones: tuple[str, ...]
    rules: tuple[Rule, ...]
    confidence: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class RuleData:
    """The shipped file. `federal` is read wherever the called people are; `jurisdictions` are still rows."""

    version: str
    reviewed: date
    federal: Rule
    ncdoj: Rule
    us_zones: frozenset[str]
    names: Mapping[str, str]
    jurisdictions: Mapping[str, Sequence[Row]]


@dataclass(frozen=True, slots=True)
class RuleBook:
    """The rules of one tenant; `own` are the jurisdictions of its tenant.yaml, None for one with broken rows."""

    own: Mapping[str, Jurisdiction | None]

    def jurisdiction(self, code: str) -> Jurisdiction | None:
        """What is known of a jurisdiction; None where that is nothing."""
        return self.own[code] if code in self.own else _shipped_jurisdiction(code)


@lru_cache(maxsize=1)
def shipped() -> RuleData:
    """The rules that come with the package, read once."""
    data = get_data(__package__, _FILE)
    if data is None:
        raise FileNotFoundError(f"the package lacks {_FILE}")
    raw = yaml.CBaseLoader(data).get_single_data()  # text, lists and mappings, nothing else
    source = f"rule data {raw['version']}"
    return RuleData(
        version=raw["version"],
        reviewed=date.fromisoformat(raw["reviewed"]),
        federal=_rule(raw["regulations"][FEDERAL], FEDERAL, source, ()),
        ncdoj=_rule(raw["regulations"][NCDOJ], NCDOJ, source, ()),
        us_zones=frozenset(raw["usZones"]),
        names=raw["names"],
        jurisdictions={code: _rows(rows) for code, rows in raw["jurisdictions"].items()},
    )


def name_of(code: str) -> str:
    """What people call a jurisdiction: `Florida`; its code where the data has no name for it."""
    return shipped().names.get(code, code)


def rule_book(settings: TenantSettings) -> RuleBook:
    """The rules that bind a tenant's schedules."""
    broken = {path[0] for path, _ in _faults(settings.jurisdictions)}
    own: dict[str, Jurisdiction | None] = {}
    for code, rows in sorted(settings.jurisdictions.items()):
        known = _shipped_jurisdiction(code)
        zones = () if known is None else known.zones
        own[code] = None if code in broken else _jurisdiction(code, _rows(rows), "tenant.yaml", zones)
    return RuleBook(own)


def check_jurisdictions(settings: TenantSettings, locate: LocatePath | None = None) -> tuple[Finding, ...]:
    """What a schema cannot see in a tenant's `compliance.jurisdictions`, as `schema` errors, sorted: zones that do not
    exist, ranges and dates out of order.

    `locate` gives the place of a path in `tenant.yaml`; without it every finding points at the file.
    """
    return in_order(
        Finding(
            Severity.ERROR,
            "schema",
            f"{field_path((*_ROOT, *path))}: {fault}",
            settings.location if locate is None else locate((*_ROOT, *path)),
        )
        for path, fault in _faults(settings.jurisdictions)
    )


@lru_cache(maxsize=256)
def _shipped_jurisdiction(code: str) -> Jurisdiction | None:
    data = shipped()
    rows = data.jurisdictions.get(code)
    return None if rows is None else _jurisdiction(code, rows, f"rule data {data.version}", ())


def _jurisdiction(code: str, rows: Sequence[Row], source: str, zones: Sequence[str]) -> Jurisdiction:
    """A row without `hours` says where the people live and that no hours of its own are known."""
    without = next((row for row in rows if "hours" not in row), {})
    return Jurisdiction(
        tuple(sorted({zone for row in rows for zone in row.get("zones", zones)})),
        tuple(_rule(row, code, source, zones) for row in rows if "hours" in row),
        without.get("confidence"),
        without.get("note", ""),
    )


def _rows(raw: Any) -> Sequence[Row]:
    """The rows of a jurisdiction, which may be written as one row or as a list."""
    return raw if isinstance(raw, list) else [raw]


def _rule(row: Row, name: str, source: str, zones: Sequence[str]) -> Rule:
    return Rule(
        name=name,
        zones=tuple(row.get("hoursIn", row.get("zones", zones))),
        week=_week(row["hours"]),
        holidays_forbidden=row.get("holidays") == "forbidden",
        citation=row["citation"],
        confidence=row.get("confidence"),
        source=source,
        begins=_date(row.get("effectiveFrom")),
        ends=_date(row.get("effectiveTo")),
        note=row.get("note", ""),
    )


def _date(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _week(hours: Mapping[str, Sequence[Mapping[str, str]]]) -> Intervals:
    return union(
        (index * DAY + seconds(span["from"]), index * DAY + _end(span["to"]))
        for index, day in enumerate(WEEKDAYS)
        for span in hours[day]
    )


def _end(text: str) -> int:
    """The end of a range in seconds after midnight; `24:00` is the end of the day."""
    return DAY if text == "24:00" else seconds(text)


def _faults(jurisdictions: Mapping[str, Any]) -> tuple[_Fault, ...]:
    """Path (the jurisdiction's code first) and sentence of each fault in rows that fit the schema of tenant.yaml."""
    return tuple(
        ((*((code, index) if isinstance(rows, list) else (code,)), *path), fault)
        for code, rows in jurisdictions.items()
        for index, row in enumerate(_rows(rows))
        for path, fault in _row_faults(code, row)
    )


def _row_faults(code: str, row: Row) -> Iterator[_Fault]:
    if "zones" not in row and code not in shipped().jurisdictions:
        yield (), f"the package has no rules for {code}, so its row needs zones."
    for field in ("zones", "hoursIn"):
        for index, name in enumerate(row.get(field, ())):
            if name not in names():
                yield (field, index), unknown_zone(name)
    for day in WEEKDAYS:
        for index, span in enumerate(row["hours"][day]):
            if seconds(span["from"]) >= _end(span["to"]):
                yield ("hours", day, index, "to"), f"{quote(span['to'])} is not after {quote(span['from'])}."
    first, last = row.get("effectiveFrom"), row.get("effectiveTo")
    if first is not None and last is not None and last < first:  # both YYYY-MM-DD
        yield ("effectiveTo",), f"it is before effectiveFrom, {first}: the row is never in force."
