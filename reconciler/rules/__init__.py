"""Checks on meaning: what a schema cannot say and a dialer must not do (design §7).

Everything here is pure: settings, schedules and a date go in, sorted findings come out. `check` needs no network;
`check_capacity` needs to know how many agents there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from ..findings import ADJUSTABLE, current_code, in_order
from ..model import DesiredSchedule, Finding, PartialSchedule, Severity
from ..settings import TenantSettings
from .calendar import check_calendar, check_caps
from .calling_hours import CallingHours
from .capacity import check_fleet, check_license, check_projection
from .partial import check_partial
from .policy import check_policies, load_policies
from .rule_book import Locate, check_jurisdictions, rule_book

__all__ = [
    "check",
    "check_capacity",
    "check_jurisdictions",
    "needs_agents",
    "with_severities",
]


def check(
    settings: TenantSettings,
    schedules: Sequence[DesiredSchedule],
    as_of: date,
    locate: Locate | None = None,
    partial: Iterable[PartialSchedule] = (),
) -> tuple[Finding, ...]:
    """Every check that needs no network, over all schedules of a tenant, with the severities that the checks have.

    Calendar, calling hours in the twelve months from `as_of`, licensed throughput, the tenant's own policies; and the
    calling hours in its `tenant.yaml`, whose places `locate` knows. Of `partial` entries what is known of them. UsageError for an `as_of` in a year nobody means.
    """
    calling_hours = CallingHours(rule_book(settings), as_of)
    policies, broken = load_policies(settings)
    findings = [*check_jurisdictions(settings, locate), *broken]
    for schedule in schedules:
        findings += check_calendar(schedule)
        findings += check_caps(schedule)
        findings += calling_hours.check(schedule)
        findings += check_license(settings.capacity, schedule)
        findings += check_policies(policies, schedule)
    for each in partial:
        findings += check_partial(each, settings.capacity, calling_hours)
    return in_order(findings)


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
    return in_order((*findings, *fleet))


def needs_agents(settings: TenantSettings, schedules: Iterable[DesiredSchedule]) -> bool:
    """Whether somebody must ask the tenant for its agents: some schedule wants the projection, and
    `capacity.agents` does not say how many there are."""
    return settings.capacity.agents is None and any(schedule.projected for schedule in schedules)


def with_severities(findings: Iterable[Finding], settings: TenantSettings) -> tuple[Finding, ...]:
    """The findings with the severities of `compliance.severities`, in the same order. Only the adjustable codes of
    `findings.CODES` follow it."""
    wanted = {
        current_code(code): Severity(severity)
        for code, severity in settings.severities.items()
        if current_code(code) in ADJUSTABLE
    }
    return tuple(
        replace(finding, severity=wanted.get(current_code(finding.code), finding.severity))
        for finding in findings
    )
