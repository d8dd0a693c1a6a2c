"""From `defaults.yaml` as read to what it gives, or fails to tell, to the schedules below it."""

from __future__ import annotations

from typing import Any

from ..model import JsonObject
from .cascade import Layer
from .known import UNKNOWN, blurred, known
from .origins import Single

SCHEDULE_FIELDS = ("timezone", "jurisdictions", "scheduleDetails", "blackoutPeriods", "complianceRules")
CAPS = ("maxCallsPerDay", "maxCallsPerHour", "predictiveRate", "maxCallsPerAgentPerDay")


def layer_of(single: Single) -> Layer:
    """What a defaults.yaml gives; where it cannot be read whole, nobody knows whether it gives a field or not."""
    if single.origin is None or single.problems is None:
        return _layer(UNKNOWN, single)
    return _layer(blurred(known(single.origin.document.data, single.problems), single.problems), single)


def _layer(data: Any, single: Single) -> Layer:
    told = data is not UNKNOWN
    return Layer(
        _section(data.get("schedule", {}) if told else UNKNOWN, SCHEDULE_FIELDS),
        _section(data.get("window", {}) if told else UNKNOWN, CAPS),
        single.origin if told else None,
        bool(single.findings),
    )


def _section(value: Any, fields: tuple[str, ...]) -> JsonObject:
    return dict.fromkeys(fields, UNKNOWN) if value is UNKNOWN else value
