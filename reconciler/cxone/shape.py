"""Which fields a schedule on the wire has, and of which type each is: the PUT body of the contract as tables.

Types are checked, ranges are not: live data outside the range is a difference to show, not a reason to stop.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple


class Field(NamedTuple):
    """One field: the types that JSON may give it (exactly these, because a bool is no number), and how to say that."""

    name: str
    types: frozenset[type]
    wanted: str


def _text(name: str) -> Field:
    return Field(name, frozenset({str}), "a string")


def _number(name: str) -> Field:
    return Field(name, frozenset({int, float}), "a number")


def _flag(name: str) -> Field:
    return Field(name, frozenset({bool}), "true or false")


def _list(name: str) -> Field:
    return Field(name, frozenset({list}), "a list")


def _object(name: str) -> Field:
    return Field(name, frozenset({dict}), "an object")


SCHEDULE = (
    _text("id"),
    _text("name"),
    _text("campaignId"),
    _text("timezone"),
    _list("scheduleDetails"),
    _list("blackoutPeriods"),
    _object("complianceRules"),
)
WINDOW = (
    _text("dayOfWeek"),
    _text("startTime"),
    _text("endTime"),
    _number("maxCallsPerDay"),
    _number("maxCallsPerHour"),
    _number("predictiveRate"),
    _number("maxCallsPerAgentPerDay"),
)
BLACKOUT = (_text("startTime"), _text("endTime"), _text("reason"), _flag("appliesToAllDays"))
RULES = (_list("regulatoryPauses"), _flag("agentAvailabilityProjection"), _flag("enableComplianceInjection"))

DEFAULTS: Mapping[str, Any] = {
    "blackoutPeriods": [],
    "appliesToAllDays": True,
    "enableComplianceInjection": True,
}
"""What a field that is absent or null means, for the three of which that is known (design §3)."""


def names(fields: tuple[Field, ...]) -> frozenset[str]:
    """The names of the fields."""
    return frozenset(field.name for field in fields)
