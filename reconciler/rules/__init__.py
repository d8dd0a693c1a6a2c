"""Checks on meaning: what a schema cannot say and a dialer must not do.

Everything here is pure: settings, schedules and a date go in, sorted findings come out, as severe as the tenant has them. `check` needs no network;
`check_sent` needs what is live, `check_capacity` how many agents there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime

from ..findings import RENAMED, Finding, Severity, adjustable_codes, in_order
from ..model import DesiredSchedule, JsonObject, PartialSchedule
from ..settings import TenantSettings
from .calling_hours import CallingHours
from .capacity import check_fleet, check_projection
from .checks import Checks, Sent, as_sent
from .closing import DAYS_BACK, Closings
from .rule_book import LocatePath, check_jurisdictions, rule_book
from .zones import names, unknown_zone

__all__ = [
    "DAYS_BACK",
    "Closings",
    "Sent",
    "as_sent",
    "calling_hours_of",
    "check",
    "check_capacity",
    "check_sent",
    "closings_of",
    "needs_agents",
    "objection",
    "with_severities",
]


def check(
    settings: TenantSettings,
    schedules: Sequence[DesiredSchedule],
    as_of: date,
    locate: LocatePath | None = None,
    partial: Iterable[PartialSchedule] = (),
    today: date | None = None,
    closings: Closings | None = None,
) -> tuple[Finding, ...]:
    """Every check that needs no network, over all schedules of a tenant.

    Calendar, calling hours in the twelve months from `as_of` (with `today` also in those from that date), licensed
    throughput, the tenant's own policies; and the calling hours in its `tenant.yaml`, whose places `locate` knows. Of
    `partial` entries what is known of them. The schedules have the week of their file; `closings` are those of the
    tenant. UsageError for a date in a year that cannot be meant.
    """
    checks = Checks(settings, as_of, today, closings)
    findings = [*check_jurisdictions(settings, locate)] if settings.jurisdictions else []
    if settings.admin is not None and settings.admin.timezone not in names():
        words = unknown_zone(settings.admin.timezone)
        findings.append(Finding(Severity.ERROR, "unknown-timezone", words, settings.admin.place))
    for schedule in schedules:
        findings += checks.schedule(schedule)
    for entry in partial:
        findings += checks.partial(entry)
    return with_severities(in_order(findings), settings)


def calling_hours_of(settings: TenantSettings, as_of: date) -> CallingHours:
    """The calling hours that bind a tenant's schedules in the twelve months from a date."""
    return CallingHours(rule_book(settings), as_of)


def closings_of(
    settings: TenantSettings, as_of: date, at: datetime | None = None, last: date | None = None
) -> Closings:
    """The closures of a tenant's schedules as dates; see `Closings`."""
    return Closings(rule_book(settings), as_of, at, last)


def check_sent(
    settings: TenantSettings, sent: Iterable[Sent], as_of: date, today: date | None = None
) -> tuple[Finding, ...]:
    """What the same checks find in contents that would be sent and differ from the files, beyond what they find in the
    files."""
    differing = [one for one in sent if one.content != one.schedule.content]
    if not differing:
        return ()
    checks = Checks(settings, as_of, today)
    findings = in_order(finding for one in differing for finding in checks.sent(one))
    return with_severities(findings, settings)


def objection(
    settings: TenantSettings,
    schedule: DesiredSchedule | None,
    body: JsonObject,
    as_of: date,
    today: date | None = None,
) -> str | None:
    """Why a body with the live values of ignored fields must not be sent; None where it may. `schedule` is its entry in
    the files, None where they have none."""
    if schedule is None or not settings.ignored:
        return None
    sent = Sent(schedule, {field: body[field] for field in schedule.content})
    findings = check_sent(settings, [sent], as_of, today)
    return next((finding.message for finding in findings if finding.severity is Severity.ERROR), None)


def check_capacity(
    settings: TenantSettings, schedules: Sequence[tuple[DesiredSchedule, bool]], agents: int
) -> tuple[Finding, ...]:
    """The calls of each schedule, and of all together, against the agents. With each schedule goes whether the plan
    changes it: what is live already is a warning, because refusing the plan would not end it."""
    findings = [
        finding
        for schedule, changed in schedules
        for finding in check_projection(settings.capacity, schedule, changed, agents)
    ]
    fleet = check_fleet(settings.capacity, (schedule for schedule, _ in schedules), agents)
    return with_severities(in_order((*findings, *fleet)), settings)


def needs_agents(settings: TenantSettings, schedules: Iterable[DesiredSchedule]) -> bool:
    """Whether somebody must ask the tenant for its agents: some schedule wants the projection, and
    `capacity.agents` does not say how many there are."""
    return settings.capacity.agents is None and any(schedule.projected for schedule in schedules)


def with_severities(findings: Iterable[Finding], settings: TenantSettings) -> tuple[Finding, ...]:
    """The findings with the severities of `compliance.severities`, in the same order."""
    if not settings.severities:
        return tuple(findings)
    adjustable = adjustable_codes()
    wanted = {RENAMED.get(code, code): Severity(severity) for code, severity in settings.severities.items()}
    return tuple(
        replace(finding, severity=wanted.get(finding.code, finding.severity)) if finding.code in adjustable else finding
        for finding in findings
    )
