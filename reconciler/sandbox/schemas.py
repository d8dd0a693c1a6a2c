"""The contract's request bodies as JSON Schema, the sandbox's own copy: a tenant does not ask its client for it.

Unknown members are allowed: a tenant stores them. Patterns end at the very end (no newline after the seconds).
"""

from __future__ import annotations

from typing import Any

_TIME = {"type": "string", "pattern": r"^([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?![\s\S])"}
_TEXT = {"type": "string", "minLength": 1}


def _object(**properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "required": sorted(properties), "properties": properties}


def _whole(maximum: int) -> dict[str, Any]:
    return {"type": "integer", "minimum": 1, "maximum": maximum}


def _choice(*values: str) -> dict[str, Any]:
    return {"type": "string", "enum": list(values)}


_WINDOW = _object(
    dayOfWeek=_choice("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"),
    startTime=_TIME,
    endTime=_TIME,
    maxCallsPerDay=_whole(100_000),
    maxCallsPerHour=_whole(10_000),
    predictiveRate={"type": "number", "minimum": 0.1, "maximum": 3.0},
    maxCallsPerAgentPerDay=_whole(500),
)

_BLACKOUT = _object(
    startTime=_TIME,
    endTime=_TIME,
    reason={"type": "string", "minLength": 2},
    appliesToAllDays={"type": "boolean"},
)

_COMPLIANCE = _object(
    regulatoryPauses={"type": "array", "items": _choice("NCDOJ", "TCPA", "FCC", "STATE_SPECIFIC")},
    agentAvailabilityProjection={"type": "boolean"},
    enableComplianceInjection={"type": "boolean"},
)

SCHEDULE = _object(
    id=_TEXT,
    name=_TEXT,
    campaignId=_TEXT,
    timezone={"type": "string"},
    scheduleDetails={"type": "array", "minItems": 1, "items": _WINDOW},
    blackoutPeriods={"type": "array", "items": _BLACKOUT},
    complianceRules=_COMPLIANCE,
)
"""The body of `putSchedule`."""

WEBHOOK = _object(
    name={"type": "string"},
    url={"type": "string"},
    events={"type": "array", "items": {"type": "string"}},
    status=_choice("ENABLED", "DISABLED"),
)
"""The body of `createWebhook`; its `id` is the tenant's to give."""
