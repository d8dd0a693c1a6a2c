"""Whether a schedule dials only when the regulatory pauses that it lists allow calls at the called party's place.

NCDOJ is read in North Carolina, TCPA and FCC in every zone of the jurisdictions (else in the schedule's own),
STATE_SPECIFIC by each jurisdiction's own rules in each of its zones. What cannot be known is an error: fail closed.
A schedule that lists no pause asks for no law, so nothing is said about it here, whatever its jurisdictions are.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..model import DesiredSchedule, Finding, Severity, Window
from .bindings import FEDERAL, Hours, bindings, called_zones, hours, state_rules
from .calendar import closed_daily
from .jurisdictions import STATE_RULE, RuleBook
from .reporting import PAUSES, day_index, quote, report
from .violations import violations
from .wording import violation_finding
from .zones import names


class CallingHours:
    """The check for one tenant on one date; keeps what schedules of the same zone, pauses and jurisdictions share."""

    def __init__(self, book: RuleBook, as_of: date) -> None:
        self._book = book
        self._as_of = as_of
        self._hours: dict[tuple[str, tuple[str, ...], tuple[str, ...]], Hours] = {}
        self._no_holidays: dict[str, str | None] = {}

    def check(self, schedule: DesiredSchedule) -> Iterator[Finding]:
        """What is wrong or not known about when this schedule calls whom; nothing for a schedule without pauses."""
        if not schedule.pauses:
            return
        yield from self._unknown_places(schedule)
        if STATE_RULE in schedule.pauses:
            yield from self._holidays(schedule)
        elif schedule.jurisdictions:
            yield _state_rules_not_checked(schedule)
        if schedule.timezone in names():
            yield from self._called_zone(schedule)
            yield from self._windows(schedule)

    def _windows(self, schedule: DesiredSchedule) -> Iterator[Finding]:
        allowed = self._allowed(schedule)
        suspects = [window for window in schedule.windows if _leaves(window, allowed)]
        if not suspects:
            return
        closed = closed_daily(schedule.blackouts)
        for each in violations(allowed.bindings, schedule.timezone, suspects, closed):
            yield violation_finding(schedule, each, allowed, closed, self._as_of)

    def _allowed(self, schedule: DesiredSchedule) -> Hours:
        key = schedule.timezone, schedule.pauses, schedule.jurisdictions
        known = self._hours.get(key)
        if known is None:
            known = hours(schedule.timezone, bindings(self._book, self._as_of, *key))
            self._hours[key] = known
        return known

    def _unknown_places(self, schedule: DesiredSchedule) -> Iterator[Finding]:
        if STATE_RULE in schedule.pauses and not schedule.jurisdictions:
            yield report(
                schedule,
                Severity.ERROR,
                "missing-jurisdictions",
                f"{STATE_RULE} needs jurisdictions: without them nobody knows which states' hours hold. "
                "List where the called people are, such as jurisdictions: [US-NC, US-FL].",
                PAUSES,
            )
        for index, code in enumerate(schedule.jurisdictions):
            if not self._book.rules(code):
                message = self._unknown_jurisdiction(code)
                yield report(
                    schedule, Severity.ERROR, "unknown-jurisdiction", message, ("jurisdictions", index)
                )

    def _unknown_jurisdiction(self, code: str) -> str:
        if code in self._book.overrides:
            return (
                f"the rules of {quote(code)} in tenant.yaml are broken, so its calling hours are not known."
            )
        meant = f"US-{code.strip().upper().removeprefix('US').lstrip('-_ ')}"
        hint = f" Did you mean {meant}?" if self._book.rules(meant) else ""
        return (
            f"no calling hours are known for {quote(code)}.{hint} Hours of a further jurisdiction belong under "
            "compliance.jurisdictions of tenant.yaml."
        )

    def _called_zone(self, schedule: DesiredSchedule) -> Iterator[Finding]:
        federal = [pause for pause in schedule.pauses if pause in FEDERAL]
        if not federal or schedule.jurisdictions:
            return
        which, zone = " and ".join(federal), schedule.timezone
        both = len(federal) > 1
        if called_zones(self._book, zone, ()):
            yield report(
                schedule,
                Severity.NOTICE,
                "called-zone-assumed",
                f"{which} {'are' if both else 'is'} held against {zone}, the schedule's own zone, because it lists no "
                "jurisdictions: the called people are taken to live there.",
                ("timezone",),
            )
        else:
            yield report(
                schedule,
                Severity.ERROR,
                "called-zone-unknown",
                f"{which} {'limit' if both else 'limits'} the hours at the called people's place, which is not known: "
                f"{zone} is no zone of a US state, and the schedule lists no jurisdictions. List where the called people "
                "are, such as jurisdictions: [US-NC, US-FL].",
                ("timezone",),
            )

    def _holidays(self, schedule: DesiredSchedule) -> Iterator[Finding]:
        for index, code in enumerate(schedule.jurisdictions):
            if code not in self._no_holidays:
                self._no_holidays[code] = self._forbids_holidays(code)
            citation = self._no_holidays[code]
            if citation is not None:
                yield report(
                    schedule,
                    Severity.NOTICE,
                    "holiday-not-excluded",
                    f"{code} allows no sales calls on its holidays ({citation}), and a weekly schedule cannot leave them "
                    "out: stop it by hand on those days.",
                    ("jurisdictions", index),
                )

    def _forbids_holidays(self, code: str) -> str | None:
        """The citation of the first rule of a jurisdiction that forbids calls on holidays within the twelve
        months."""
        rules = state_rules(self._book, code, self._as_of)
        return next((each.citation for each in rules if each.holidays_forbidden), None)


def _leaves(window: Window, allowed: Hours) -> bool:
    """Whether a window may leave the hours: blackouts, not looked at here, can still make it fit."""
    start, end = window.start, window.end
    for first, last in allowed.later[day_index(window)]:
        if first <= start and end <= last:
            return False
    return start < end


def _state_rules_not_checked(schedule: DesiredSchedule) -> Finding:
    return report(
        schedule,
        Severity.WARNING,
        "state-rules-not-checked",
        f"jurisdictions are listed, but {STATE_RULE} is not among the regulatory pauses: no state's own hours are "
        "checked.",
        ("jurisdictions",),
    )
