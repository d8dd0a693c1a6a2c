"""All checks of one tenant's schedules that need no network: of whole entries, of entries of which parts are not known,
and of what a PUT would send where that is not what the files say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from .. import canonical
from ..findings import Finding, Severity
from ..model import Blackout, DesiredSchedule, JsonObject, PartialSchedule, Path, Window
from ..settings import TenantSettings
from .calendar import check_calendar, check_caps
from .calling_hours import CallingHours
from .capacity import check_license
from .closing import Closings
from .reporting import PAUSES
from .rule_book import rule_book

if TYPE_CHECKING:
    from .closure_checks import ClosureChecks
    from .policy import Policy

_seconds = lru_cache(maxsize=4096)(canonical.seconds)
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


class Sent(NamedTuple):
    """A schedule of the files, and the canonical content that a PUT of it would have: `ignoreFields` leaves fields to another
    system, so their live values are sent, which no check of the files has seen. One that is not `changed` is live like
    that already."""

    schedule: DesiredSchedule
    content: JsonObject
    changed: bool = True


class Checks:
    """The checks of one tenant on one date, or two; keeps what its schedules share.

    With `today` the law holds on that date too: an apply as of another date must not write what is forbidden now.
    """

    def __init__(
        self, settings: TenantSettings, as_of: date, today: date | None = None, closings: Closings | None = None
    ) -> None:
        self._capacity = settings.capacity
        self._policies: tuple[Policy, ...] = ()
        if settings.policy_schemas:
            from .policy import policies_of  # late: few tenants have policies

            self._policies = policies_of(settings)
        book = rule_book(settings)
        self._as_of, self._closings = as_of, closings or Closings(book, as_of)
        self._hours = CallingHours(book, as_of, self._closings)
        self._closures: ClosureChecks | None = None
        self._silent = _OF_THE_DIALER if settings.admin is not None else frozenset[str]()
        self._hours_today = None if today is None or today == as_of else CallingHours(book, today)

    def schedule(self, schedule: DesiredSchedule) -> Iterator[Finding]:
        """What is wrong with a schedule."""
        yield from self._calendar(schedule)
        yield from check_caps(schedule)
        yield from self._calling_hours(schedule)
        yield from self._of_closures(schedule)
        yield from check_license(self._capacity, schedule)
        for policy in self._policies:
            yield from policy.violations(schedule)
            week = self._closings.week(schedule)
            if week is not schedule:  # what would be sent must satisfy it too
                yield from policy.violations(week)

    def partial(self, partial: PartialSchedule) -> Iterator[Finding]:
        """What is wrong with an entry of which parts are not known, and only what no unknown part could change.

        Most checks look at single values, and for these the stand-ins of `PartialSchedule` are enough. Some say that
        something is not there; they are silent where it may just not be known. The tenant's own policies are not asked:
        they judge whole schedules.
        """
        schedule, unknown = partial.schedule, partial.unknown
        silent = {code for code, parts in _RESTS_ON.items() if not unknown.isdisjoint(parts)}
        capped = tuple(window for window in schedule.windows if window.path not in unknown)
        stand_ins = {
            schedule.places.locate(("jurisdictions", index))
            for index, code in enumerate(schedule.jurisdictions)
            if not code
        }
        findings = (
            *self._calendar(schedule),
            *check_caps(replace(schedule, windows=capped)),
            *self._calling_hours(schedule),
            *self._of_closures(schedule),
            *check_license(self._capacity, schedule),
        )
        for finding in findings:
            of_stand_in = finding.code == "unknown-jurisdiction" and finding.location in stand_ins
            if finding.code not in silent and not of_stand_in:
                yield finding

    def sent(self, sent: Sent) -> Iterator[Finding]:
        """What is wrong with the content that would be sent, and not with the file. For a schedule that the plan does not
        change an error is a warning, because refusing the plan would not end it."""
        findings = tuple(self.schedule(as_sent(sent.schedule, sent.content)))
        of_file = {(fault.code, fault.location) for fault in self.schedule(sent.schedule)} if findings else ()
        for finding in findings:
            if (finding.code, finding.location) not in of_file:
                mild = finding.severity is Severity.ERROR and not sent.changed
                yield replace(
                    finding,
                    severity=Severity.WARNING if mild else finding.severity,
                    message=f"{finding.message} The values are those in CXone, which ignoreFields keeps.",
                )

    def _of_closures(self, schedule: DesiredSchedule) -> Iterator[Finding]:
        if schedule.closures:
            if self._closures is None:
                from .closure_checks import ClosureChecks  # late: the checks of many schedules need none

                self._closures = ClosureChecks(self._closings, self._as_of)
            yield from self._closures.check(schedule)

    def _calendar(self, schedule: DesiredSchedule) -> Iterator[Finding]:
        return (finding for finding in check_calendar(schedule) if finding.code not in self._silent)

    def _calling_hours(self, schedule: DesiredSchedule) -> Iterator[Finding]:
        findings = tuple(finding for finding in self._hours.check(schedule) if finding.code not in self._silent)
        yield from findings
        if self._hours_today is not None:
            places = {finding.location for finding in findings if finding.code == _OUTSIDE}
            for finding in self._hours_today.check(schedule):
                if finding.code == _OUTSIDE and finding.location not in places:
                    yield finding


def as_sent(schedule: DesiredSchedule, content: JsonObject) -> DesiredSchedule:
    """The schedule with another content. Windows and blackouts that the file does not have stand at the whole list."""
    windows = {window.key: window.path for window in schedule.windows}
    blackouts = {blackout.key: blackout.path for blackout in schedule.blackouts}
    return replace(
        schedule,
        content=content,
        windows=tuple(Window(*part) for part in _parts("scheduleDetails", content, windows)),
        blackouts=tuple(Blackout(*part) for part in _parts("blackoutPeriods", content, blackouts)),
    )


def _parts(
    field: str, content: JsonObject, paths: Mapping[str, Path]
) -> Iterator[tuple[str, int, int, Path, JsonObject]]:
    items = content.get(field, [])
    for key, item in zip(canonical.item_keys(field, items), items, strict=True):
        yield key, _seconds(item["startTime"]), _seconds(item["endTime"]), paths.get(key, (field,)), item
