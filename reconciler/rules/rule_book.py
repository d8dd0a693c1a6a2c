"""The calling hours that bind a tenant: the reviewed rows that come with the package (`data/calling_hours.yaml`), and
above them the rows of its `tenant.yaml`.

A tenant's rows replace the shipped rows of that jurisdiction. Broken rows never fall back to the shipped ones: until
they are corrected the jurisdiction is unknown, and a schedule that lists it is in error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from pkgutil import get_data
from typing import Any, NamedTuple

import yaml

from ..canonical import field_path, seconds
from ..findings import Finding, Location, Severity, in_order
from ..intervals import DAY, Intervals, union
from ..model import WEEKDAYS, Path
from ..phrases import quote
from ..settings import TenantSettings
from .zones import names, unknown_zone

LocatePath = Callable[[Path], Location]
Row = Mapping[str, Any]

FEDERAL = "TCPA"
"""The name of the federal hours; FCC is another name for them."""
FEDERAL_PAUSES = frozenset({FEDERAL, "FCC"})
NCDOJ = "NCDOJ"
CAROLINA = "US-NC"
"""The jurisdiction whose hours NCDOJ is."""
STATE_RULE = "STATE_SPECIFIC"
_FILE = "data/calling_hours.yaml"
_ROOT: Path = ("compliance", "jurisdictions")


class Rule(NamedTuple):
    """Hours that one law allows. `week` are week seconds on the called party's clock, from MONDAY 00:00.

    `zones` are those in which the hours are read, `begins` and `ends` the first and the last date in force, None where
    nothing limits them. `source` says who vouches for the row: a version of the shipped data, or the tenant's file.
    `holidays_of` is the code whose public holidays `holidays_forbidden` is about.
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
    holidays_of: str = ""


class Jurisdiction(NamedTuple):
    """Where its people live, and its own rules of all dates: none where only the federal hours of the United States are
    known to hold, or elsewhere no hours at all; then `confidence` and `note` say how sure that is."""

    zones: tuple[str, ...]
    rules: tuple[Rule, ...]
    confidence: str | None = None
    note: str = ""


RuleBook = Mapping[str, Jurisdiction | None]
"""What is known of each jurisdiction by its code; None for one whose rows in the tenant.yaml are broken."""


class RuleData(NamedTuple):
    """The shipped file. `federal` is read wherever the called people are."""

    version: str
    reviewed: date
    federal: Rule
    ncdoj: Rule
    us_zones: frozenset[str]
    names: Mapping[str, str]
    jurisdictions: Mapping[str, Jurisdiction]


@cache
def shipped() -> RuleData:
    """The rules that come with the package, read once."""
    data = get_data(__package__, _FILE) or b""
    raw = yaml.CBaseLoader(data).get_single_data()  # text, lists and mappings, nothing else
    source = f"rule data {raw['version']}"
    rows_of = raw["jurisdictions"]
    parts = {
        code: {**rows_of[country], "zones": zones}
        for country, of_country in raw["parts"].items()
        for code, zones in of_country.items()
    }
    return RuleData(
        version=raw["version"],
        reviewed=date.fromisoformat(raw["reviewed"]),
        federal=_rule(raw["regulations"][FEDERAL], FEDERAL, source, ()),
        ncdoj=_rule(raw["regulations"][NCDOJ], NCDOJ, source, ()),
        us_zones=frozenset(raw["usZones"]),
        names=raw["names"],
        jurisdictions={code: _jurisdiction(rows, code, source, ()) for code, rows in {**rows_of, **parts}.items()},
    )


def name_of(code: str) -> str:
    """What people call a jurisdiction: `Florida`; its code where the data has no name for it."""
    return shipped().names.get(code, code)


def rule_book(settings: TenantSettings) -> RuleBook:
    """The rules that bind a tenant's schedules."""
    book: dict[str, Jurisdiction | None] = {**shipped().jurisdictions}
    broken = {path[0] for path, _ in _faults(settings.jurisdictions)} if settings.jurisdictions else set()
    for code, rows in sorted(settings.jurisdictions.items()):
        known = book.get(code)
        zones = () if known is None else known.zones
        book[code] = None if code in broken else _jurisdiction(rows, code, "tenant.yaml", zones)
    return book


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


def _jurisdiction(rows: Row | Sequence[Row], code: str, source: str, zones: Sequence[str]) -> Jurisdiction:
    """The rows of a jurisdiction, which may be written as one row or as a list; `zones` are those of rows that name none.
    A row without `hours` says where the people live and that no hours of its own are known."""
    listed = (rows,) if isinstance(rows, Mapping) else rows
    without = next((row for row in listed if "hours" not in row), {})
    return Jurisdiction(
        tuple(sorted({zone for row in listed for zone in row.get("zones", zones)})),
        tuple(_rule(row, code, source, zones) for row in listed if "hours" in row),
        without.get("confidence"),
        without.get("note", ""),
    )


def _rule(row: Row, name: str, source: str, zones: Sequence[str]) -> Rule:
    first, last = row.get("effectiveFrom"), row.get("effectiveTo")
    return Rule(
        name=name,
        zones=tuple(row.get("hoursIn", row.get("zones", zones))),
        week=union(
            (index * DAY + seconds(span["from"]), index * DAY + _end(span["to"]))
            for index, day in enumerate(WEEKDAYS)
            for span in row["hours"][day]
        ),
        holidays_forbidden=row.get("holidays") == "forbidden",
        citation=row["citation"],
        confidence=row.get("confidence"),
        source=source,
        begins=None if first is None else date.fromisoformat(first),
        ends=None if last is None else date.fromisoformat(last),
        note=row.get("note", ""),
        holidays_of=row.get("holidaysOf", name),
    )


def _end(text: str) -> int:
    """The end of a range in seconds after midnight; `24:00` is the end of the day."""
    return DAY if text == "24:00" else seconds(text)


def _faults(jurisdictions: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    """Path (the jurisdiction's code first) and sentence of each fault in rows that fit the schema of tenant.yaml."""
    for code, rows in jurisdictions.items():
        numbered = enumerate(rows) if isinstance(rows, list) else [(None, rows)]
        for index, row in numbered:
            start: Path = (code,) if index is None else (code, index)
            yield from (((*start, *path), fault) for path, fault in _row_faults(code, row))


def _row_faults(code: str, row: Row) -> Iterator[tuple[Path, str]]:
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
