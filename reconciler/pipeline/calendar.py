"""What the dates will change: closures, and holidays on which the law forbids calls that nothing closes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from ..findings import Finding
from ..model.closed import CalendarReport, TenantCalendar
from ..rules.closed_days import closed_days, open_holidays
from ..rules.closing import closings_of
from ..rules.public_holidays import holiday_data
from ..rules.rule_book import shipped
from .check import check_files
from .tenants import Options


def calendar_of(options: Options, days: int) -> tuple[CalendarReport, tuple[Finding, ...]]:
    """The calendar of all selected tenants for so many days, and what is wrong with the files."""
    checked = check_files(replace(options, base=None))
    first, last = options.as_of, options.as_of + timedelta(days - 1)
    tenants = []
    for tenant in checked.tenants:
        closings = closings_of(tenant.settings, options.as_of, options.at, last)
        admin = tenant.settings.admin
        partial_week = admin is None or admin.partial_week
        closed = closed_days(tenant.schedules, closings, first, last, named=True, partial_week=partial_week)
        tenants.append(
            TenantCalendar(tenant.settings.name, closed, open_holidays(tenant.schedules, closings, first, last))
        )
    report = CalendarReport(first, last, shipped().version, holiday_data(), tuple(tenants))
    return report, checked.all_findings
