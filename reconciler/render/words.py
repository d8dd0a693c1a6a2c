"""The words that every format for people shares: counts, origins, values, places, safety limits.

What these functions return still holds other people's characters; each renderer escapes it for its place.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..canonical import number
from ..findings import Finding, Location, Severity
from ..model import Action, Origin, Plan, SafetyCheck
from ..phrases import counted, hours_words

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*", re.ASCII)
# A value is bare where it cannot be taken for another kind of value; times differ from numbers by their colons.
_VALUE = re.compile(r"(?!(?:true|false|null|none)\Z)[A-Za-z][A-Za-z0-9_/-]*|[0-9]{2}(?::[0-9]{2}){2}", re.A | re.I)

_CAPS = (
    ("maxCallsPerDay", "{}/day"),
    ("maxCallsPerHour", "{}/hour"),
    ("predictiveRate", "rate {}"),
    ("maxCallsPerAgentPerDay", "{}/agent"),
)

_FIELD_ORIGIN = {
    Origin.CALENDAR: "by the calendar: the date moved, nobody edited",
    Origin.CHANGE: "asked for by this revision",
    Origin.PENDING: "pending: asked for by an earlier revision, not applied yet",
    Origin.DRIFT: "drift: would revert an edit made in the console",
    Origin.CONFLICT: "CONFLICT: changed by this revision and in the console; would overwrite the console's edit",
}
_CREATE_ORIGIN = {
    Origin.CALENDAR: "by the calendar: the date moved, nobody edited",
    Origin.CHANGE: "asked for by this revision",
    Origin.PENDING: "pending: asked for by an earlier revision, not applied yet",
    Origin.DRIFT: "drift: was in git at the base and is gone from CXone; would bring back what somebody deleted",
    Origin.CONFLICT: "CONFLICT: changed by this revision and gone from CXone; would bring back what somebody deleted",
}


def origin_words(origin: Origin, action: Action = Action.UPDATE, asked_by: str | None = None) -> str:
    """Who asked for a field, or for a create; `asked_by` is the commit that did, where that is known."""
    words = (_CREATE_ORIGIN if action is Action.CREATE else _FIELD_ORIGIN)[origin]
    return words if asked_by is None else words.replace("an earlier revision", f"the earlier revision {asked_by[:12]}")


def place(location: Location) -> str:
    """`file:line:column`, clickable in most terminals and editors."""
    return f"{location.file}:{location.line}:{location.column}"


def finding_line(finding: Finding, tenant: str | None = None) -> str:
    """`file:line:column: severity: code: message`; one about a tenant begins with its name, where it is known."""
    start = f"tenant {tenant}: " if tenant else ""
    if finding.location is not None:
        start = f"{place(finding.location)}: "
    return f"{start}{finding.severity}: {finding.code}: {finding.message}"


def in_quotes(text: str) -> str:
    """A name between quotes, so that a reader sees where it ends."""
    return '"' + text.replace("\\", r"\\").replace('"', r"\"") + '"'


def id_words(text: str) -> str:
    """An id as it stands; one that a reader might take for its surroundings between quotes."""
    return text if _ID.fullmatch(text) else in_quotes(text)


def value_words(value: Any) -> str:
    """One side of a field change: windows and blackouts in short, absence as `(none)`."""
    if value is None:
        return "(none)"
    if isinstance(value, str):
        return value if _VALUE.fullmatch(value) else in_quotes(value)
    if isinstance(value, dict):
        try:
            return blackout_line(value) if "reason" in value else hours_and_caps(value)
        except (KeyError, TypeError, AttributeError):
            pass  # not a window or a blackout: said as JSON
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def plan_summary(plans: Sequence[Plan]) -> str:
    """`Plan: 1 to create, 2 to update; 1 warning.` over all `plans`, without zeros."""
    total: Counter[str] = Counter()
    for plan in plans:
        total.update(plan.summary)
    figures = [
        (total["create"], "to create"),
        (total["update"], "to update"),
        (total["unchanged"], "unchanged"),
        (total["unmanaged"], "unmanaged"),
        (total["webhooks"], "webhook to register" if total["webhooks"] == 1 else "webhooks to register"),
    ]
    told = ", ".join(f"{count} {what}" for count, what in figures if count) or "nothing to do"
    found = severities(finding for plan in plans for finding in plan.findings)
    return f"Plan: {told}{f'; {found}' if found else ''}."


def severities(findings: Iterable[Finding]) -> str:
    """`2 errors, 1 warning`, without zeros; "" where there is none."""
    counts = Counter(finding.severity for finding in findings)
    return ", ".join(counted(counts[severity], severity.value) for severity in Severity if counts[severity])


def safety_words(check: SafetyCheck) -> str:
    """`maxChangedPercent 45 % > 30 %`, or that it is within."""
    unit = {"maxChangedPercent": " %", "maxAddedDialingHours": " h"}.get(check.limit, "")
    relation = "of at most" if check.passed else ">"
    return f"{check.limit} {number(check.actual)}{unit} {relation} {number(check.allowed)}{unit}"


def revision_words(plan: Plan) -> str:
    """Where the desired state comes from, and against which base it is held."""
    revision = plan.revision[:12] if plan.revision is not None else no_revision(plan)
    dirty = " with uncommitted changes" if plan.dirty else ""
    base = f", base {plan.base[:12]}" if plan.base is not None else ""
    unread = f"; {unread_words([plan])}" if plan.not_read else ""
    return f"revision {revision}{dirty}{base}, as of {plan.as_of}{unread}"


def unread_words(plans: Sequence[Plan]) -> str:
    """How many campaigns `--changed` left out; "" where that are none."""
    left = sum(plan.not_read or 0 for plan in plans)
    return (
        f"{counted(left, 'campaign')} not read ({'its' if left == 1 else 'their'} desired state is the base's)"
        if left
        else ""
    )


NO_DIGEST = "none, because the plan has errors"


def no_revision(plan: Plan) -> str:
    """What stands in the place of a revision that there is not, or that git could not say."""
    return "unknown" if plan.dirty is None else "none"


def blackout_line(blackout: Mapping[str, Any]) -> str:
    """One blackout in canonical form."""
    some = "" if blackout["appliesToAllDays"] is not False else " (not on all days)"
    return f"{hours_words(blackout)} {blackout['reason']}{some}"


def hours_and_caps(window: Mapping[str, Any]) -> str:
    """A canonical window without its day."""
    return ", ".join([hours_words(window), *(words.format(window[name]) for name, words in _CAPS if name in window)])
