"""Which fields a schedule on the wire has, and of which type each is: the PUT body of the contract as a table.

Types are checked, ranges are not: live data outside the range is a difference to show, not a reason to stop.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from .. import canonical
from ..model import WEEKDAYS

Check = Callable[[Any], bool]


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_id(value: Any) -> bool:
    return isinstance(value, str) and bool(value)


def _is_flag(value: Any) -> bool:
    return isinstance(value, bool)


def _is_number(value: Any) -> bool:
    kind = type(value)
    return kind is int or (kind is float and math.isfinite(value))


def _is_day(value: Any) -> bool:
    return isinstance(value, str) and value in WEEKDAYS


def _is_time(value: Any) -> bool:
    try:
        canonical.seconds(value)
    except (TypeError, ValueError):
        return False
    return True


def _is_list(value: Any) -> bool:
    return isinstance(value, list)


def _is_object(value: Any) -> bool:
    return isinstance(value, dict)


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


SCHEDULE: Mapping[str, tuple[Check, str]] = {
    "id": (_is_id, "a string that is not empty"),
    "name": (_is_text, "a string"),
    "campaignId": (_is_text, "a string"),
    "timezone": (_is_text, "a string"),
    "scheduleDetails": (_is_list, "a list"),
    "blackoutPeriods": (_is_list, "a list"),
    "complianceRules": (_is_object, "an object"),
}
WINDOW: Mapping[str, tuple[Check, str]] = {
    "dayOfWeek": (_is_day, "a weekday"),
    "startTime": (_is_time, "a time of day"),
    "endTime": (_is_time, "a time of day"),
    "maxCallsPerDay": (_is_number, "a number"),
    "maxCallsPerHour": (_is_number, "a number"),
    "predictiveRate": (_is_number, "a number"),
    "maxCallsPerAgentPerDay": (_is_number, "a number"),
}
BLACKOUT: Mapping[str, tuple[Check, str]] = {
    "startTime": (_is_time, "a time of day"),
    "endTime": (_is_time, "a time of day"),
    "reason": (_is_text, "a string"),
    "appliesToAllDays": (_is_flag, "true or false"),
}
RULES: Mapping[str, tuple[Check, str]] = {
    "regulatoryPauses": (_are_texts, "a list of strings"),
    "agentAvailabilityProjection": (_is_flag, "true or false"),
    "enableComplianceInjection": (_is_flag, "true or false"),
}
DEFAULTS: Mapping[str, Any] = {
    "blackoutPeriods": [],
    "appliesToAllDays": True,
    "enableComplianceInjection": True,
}
