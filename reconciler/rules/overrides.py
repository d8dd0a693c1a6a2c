"""What is wrong with the calling hours that a tenant writes into its `tenant.yaml`.

The schema of the shipped rule data says what a row looks like; here is what a schema cannot say: zones and dates that
exist, ranges in order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from ..canonical import field_path, seconds
from ..findings import in_order
from ..model import WEEKDAYS, Finding, Location, Path, Severity
from ..settings import TenantSettings
from .reporting import listing, quote, shorten
from .rule_data import end_of_range, rows_of, schema, shipped
from .zones import names, near_names

Fault = tuple[Path, str]
Locate = Callable[[Path], Location]
_ROOT: Path = ("compliance", "jurisdictions")


def check_jurisdictions(settings: TenantSettings, locate: Locate | None = None) -> tuple[Finding, ...]:
    """What is wrong with a tenant's `compliance.jurisdictions`, as `schema` errors, sorted.

    `locate` gives the place of a path in `tenant.yaml`; without it every finding points at the file.
    """
    return in_order(
        Finding(
            Severity.ERROR,
            "schema",
            f"{field_path((*_ROOT, *path))}: {fault}",
            settings.location if locate is None else locate((*_ROOT, *path)),
        )
        for path, fault in (faults(settings.jurisdictions) if settings.jurisdictions else ())
    )


def faults(jurisdictions: Mapping[str, Any]) -> tuple[Fault, ...]:
    """Path (the jurisdiction's code first) and sentence of each fault. Of a jurisdiction that breaks the schema
    nothing more is looked at."""
    found = list(_shape_faults(jurisdictions))
    misshapen = {path[0] for path, _ in found}
    for code, raw in jurisdictions.items():
        if code in misshapen:
            continue
        for index, row in enumerate(rows_of(raw)):
            at: Path = (code, index) if isinstance(raw, list) else (code,)
            found += [((*at, *path), fault) for path, fault in _row_faults(code, row)]
    return tuple(found)


def _shape_faults(jurisdictions: Mapping[str, Any]) -> Iterator[Fault]:
    import jsonschema_rs

    definitions = schema()["$defs"]
    codes = jsonschema_rs.validator_for({"$ref": "#/$defs/code", "$defs": definitions})
    rows = jsonschema_rs.validator_for({"$ref": "#/$defs/rows", "$defs": definitions})
    for code, raw in jurisdictions.items():
        if not codes.is_valid(code):
            yield (code,), f"{quote(code)} is no ISO 3166-2 code such as US-TX."
        for error in rows.iter_errors(raw):
            yield (code, *error.instance_path), f"{shorten(error.message)}."


def _row_faults(code: str, row: Mapping[str, Any]) -> Iterator[Fault]:
    if "zones" not in row and code not in shipped().jurisdictions:
        yield (), f"the package has no rules for {code}, so its row needs zones."
    for field in ("zones", "hoursIn"):
        for index, name in enumerate(row.get(field, ())):
            if name not in names():
                near = near_names(name)
                hint = f" Did you mean {listing(near, last='or')}?" if near else ""
                yield (field, index), f"{quote(name)} is not a time zone of the IANA database.{hint}"
    yield from _hour_faults(row["hours"])
    yield from _date_faults(row)


def _hour_faults(hours: Mapping[str, Any]) -> Iterator[Fault]:
    for day in WEEKDAYS:
        for index, each in enumerate(hours[day]):
            if seconds(each["from"]) >= end_of_range(each["to"]):
                yield ("hours", day, index, "to"), f"{quote(each['to'])} is not after {quote(each['from'])}."


def _date_faults(row: Mapping[str, Any]) -> Iterator[Fault]:
    dates: dict[str, date] = {}
    for field in ("effectiveFrom", "effectiveTo"):
        try:
            if field in row:
                dates[field] = date.fromisoformat(row[field])
        except ValueError:
            yield (field,), f"{quote(row[field])} is no date."
    if len(dates) == 2 and dates["effectiveTo"] < dates["effectiveFrom"]:
        yield (
            ("effectiveTo",),
            f"it is before effectiveFrom, {dates['effectiveFrom']}: the row is never in force.",
        )
