"""All checks of one tenant's schedules that need no network: of whole entries, and of entries of which parts are not known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from ..findings import Finding, Severity, in_order
from ..model import DesiredSchedule, PartialSchedule, Path
from ..settings import TenantSettings
from .calendar import check_calendar
from .calling_hours import CallingHours
from .capacity import check_license
from .reporting import PAUSES, with_severities
from .rule_book import LocatePath, check_jurisdictions, rule_book
from .zones import names, unknown_zone

if TYPE_CHECKING:
    from .closing import Closings
    from .closure_checks import ClosureChecks
    from .policy import Policy

_OUTSIDE = "outside-calling-hours"
_OF_THE_DIALER = frozenset({"pause-not-listed", "state-rules-not-listed", "unknown-timezone"})
"""What is not said of skills: they have no pauses, and their zone is the tenant's, of which it is said once."""
_RESTS_ON: dict[str, tuple[Path, ...]] = {
    "unknown-timezone": (("timezone",),),
    "blackout-outside-windows": (("scheduleDetails",),),
    _OUTSIDE: (("blackoutPeriods",), ("exemption",)),
    "outside-calling-hours-from": (("blackoutPeriods",), ("exemption",)),
    "exempt": (("blackoutPeriods",), ("scheduleDetails",)),
    "closure-without-effect": (("scheduleDetails",),),
    "closed-week": (("scheduleDetails",),),
    "holiday-not-closed": (("closures",), ("exemption",)),
    "hours-not-checked": (PAUSES,),
    "pause-not-listed": (PAUSES, ("exemption",)),
    "state-rules-not-listed": (("jurisdictions",), PAUSES, ("exemption",)),
}
"""By code the parts of an entry that a finding takes to be known whole."""


class Checks:
    """The checks of one tenant on one date, or two; keeps what its schedules share.

    With `today` the law holds on that date too: an apply as of another date must not write what is forbidden now.
    """

    def __init__(
        self, settings: TenantSettings, as_of: date, today: date | None = None, closings: Closings | None = None
    ) -> None:
        self._capacity = settings.capacity
        self._is_licensed = any(settings.capacity.tenant) or bool(settings.capacity.campaigns)
        self._policies: tuple[Policy, ...] = ()
        if settings.policy_schemas:
            from .policy import policies_of  # late: few tenants have policies

            self._policies = policies_of(settings)
        book = rule_book(settings)
        self._as_of = as_of
        self._hours = CallingHours(book, as_of, closings)
        self._hours_today = None if today is None or today == as_of else CallingHours(book, today)
        self._closures: ClosureChecks | None = None
        self._admin = settings.admin
        self._silent = _OF_THE_DIALER if settings.admin is not None else frozenset[str]()

    def schedule(self, schedule: DesiredSchedule, *, whole: bool = True) -> Iterator[Finding]:
        """What is wrong with a schedule. The tenant's own policies judge `whole` ones only."""
        findings = [*check_calendar(schedule), *self._hours.check(schedule)]
        if self._hours_today is not None:
            places = {finding.location for finding in findings if finding.code == _OUTSIDE}
            of_today = (finding for finding in self._hours_today.check(schedule) if finding.code == _OUTSIDE)
            findings += (finding for finding in of_today if finding.location not in places)
        if schedule.closures:
            if self._closures is None:
                from .closure_checks import ClosureChecks  # late: many schedules have no closures

                partial_week = self._admin is None or self._admin.partial_week
                self._closures = ClosureChecks(self._hours.closings(), self._as_of, partial_week=partial_week)
            findings += self._closures.check(schedule)
        if self._is_licensed:
            findings += check_license(self._capacity, schedule)
        yield from (finding for finding in findings if finding.code not in self._silent)
        for policy in self._policies if whole else ():
            yield from policy.violations(schedule)
            if schedule.closures:
                week = self._hours.closings().week(schedule)
                if week is not schedule:  # what would be sent must satisfy it too
                    yield from policy.violations(week)

    def partial(self, partial: PartialSchedule) -> Iterator[Finding]:
        """What is wrong with an entry of which parts are not known, and only what no unknown part could change.

        Most checks look at single values, and for these the stand-ins of `PartialSchedule` are enough. Some say that
        something is not there; they are silent where it may just not be known.
        """
        schedule, unknown = partial.schedule, partial.unknown
        silent = {code for code, parts in _RESTS_ON.items() if not unknown.isdisjoint(parts)}
        stand_ins = {
            schedule.places.locate(("jurisdictions", index))
            for index, code in enumerate(schedule.jurisdictions)
            if not code
        }
        for finding in self.schedule(schedule, whole=False):
            of_stand_in = finding.code == "unknown-jurisdiction" and finding.location in stand_ins
            if finding.code not in silent and not of_stand_in:
                yield finding


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
    tenant, where it has any. UsageError for a date in a year that cannot be meant.
    """
    checks = Checks(settings, as_of, today, closings)
    findings = [*check_jurisdictions(settings, locate)] if settings.jurisdictions else []
    if settings.admin is not None and settings.admin.timezone not in {"", *names()}:  # none is said by the schema
        words = unknown_zone(settings.admin.timezone)
        findings.append(Finding(Severity.ERROR, "unknown-timezone", words, settings.admin.place))
    for schedule in schedules:
        findings += checks.schedule(schedule)
    for entry in partial:
        findings += checks.partial(entry)
    return with_severities(in_order(findings), settings)
