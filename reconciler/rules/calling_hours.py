"""Whether a schedule calls only when the law at the called party's place allows it.

The law binds whether the schedule lists a regulatory pause or not: the federal hours in the zones of its American
jurisdictions, else in its own zone; each jurisdiction's own hours there; North Carolina's where NCDOJ is listed. What
cannot be known is an error: fail closed. An `exemption` takes rules out, and then one notice says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from ..findings import Finding, Severity
from ..intervals import WeekHours
from ..model import DesiredSchedule, HeldHours, Window
from ..phrases import listing, quote
from .hours import Binding, allowed_week, bindings, in_force, is_american, twelve_months
from .remarks import Remark, remarks
from .reporting import report
from .rule_book import CAROLINA, FEDERAL, FEDERAL_PAUSES, NCDOJ, RuleBook, shipped
from .zones import names

if TYPE_CHECKING:
    from ..model.law import Exemption
    from .closing import Closings

_SAME_RULE = {"FCC": FEDERAL, NCDOJ: CAROLINA}
"""Two names of one rule: what an exemption covers under the one, it covers under the other."""


class _Law(NamedTuple):
    """What the schedules of one zone with the same pauses, jurisdictions and exemption share.

    `names` are the rules that bind, and the American jurisdictions where only the federal one does;
    `exempt` are the rules that would bind and that the exemption takes out, `closed` the jurisdictions that it takes out and
    that forbid calls on holidays, `holidays` number, code and citation of the others that do. `remarks` are what is to be
    said beside the windows.
    """

    names: frozenset[str]
    binding: tuple[Binding, ...]
    allowed: WeekHours
    exempt: tuple[Binding, ...]
    exempt_allowed: WeekHours
    closed: tuple[str, ...]
    holidays: tuple[tuple[int, str, str], ...]
    remarks: tuple[Remark, ...]


class CallingHours:
    """The check for one tenant on one date; keeps what schedules of the same zone, pauses and jurisdictions share.

    UsageError for a date in a year that cannot be meant.
    """

    def __init__(self, book: RuleBook, as_of: date, closings: Closings | None = None) -> None:
        twelve_months(as_of)
        self._book = book
        self._as_of = as_of
        self._closings = closings
        self._laws: dict[tuple[object, ...], _Law] = {}

    def check(self, schedule: DesiredSchedule) -> Iterator[Finding]:
        """What is wrong, or not known, about when this schedule calls whom."""
        law = self._law_of(schedule)
        for severity, code, message, path in law.remarks:
            yield report(schedule, severity, code, message, path)
        if law.holidays:
            from .closure_checks import holidays_not_closed  # late: few laws forbid calls on holidays

            yield from holidays_not_closed(schedule, self.closings(), self._as_of, law.holidays)
        suspects = _leaving(schedule, law.allowed)
        if suspects:
            yield from self._outside(schedule, law, suspects)
        if schedule.exemption is not None and schedule.timezone in names():
            yield self._exempt(schedule, law, schedule.exemption)

    def allowed(self, schedule: DesiredSchedule) -> WeekHours | None:
        """The hours of the schedule's own clock that all rules allow which bind it; None where none is known to bind."""
        law = self._law_of(schedule)
        return law.allowed if law.binding else None

    def held(self, schedules: Iterable[DesiredSchedule]) -> HeldHours:
        """Against which rules these schedules are held."""
        bound = [law.names for schedule in schedules if (law := self._law_of(schedule)).binding]
        names_in_order = sorted(frozenset().union(*bound), key=lambda name: ("-" in name, name))
        return HeldHours(shipped().version, len(bound), tuple(names_in_order))

    def closings(self) -> Closings:
        """The closures of the tenant's schedules as dates; made where the first is asked for."""
        if self._closings is None:
            from .closing import Closings  # late: many tenants have no closures

            self._closings = Closings(self._book, self._as_of)
        return self._closings

    def _law_of(self, schedule: DesiredSchedule) -> _Law:
        zone, jurisdictions = schedule.timezone, schedule.jurisdictions
        covers = schedule.exemption.covers if schedule.exemption else ()
        key = zone, schedule.pauses, jurisdictions, covers
        if key in self._laws:
            return self._laws[key]
        covered = frozenset(_SAME_RULE.get(name, name) for name in covers)
        bound = bindings(self._book, self._as_of, zone, schedule.pauses, jurisdictions) if zone in names() else ()
        exempt = tuple(one for one in bound if _SAME_RULE.get(one.rule.name, one.rule.name) in covered)
        binding = tuple(one for one in bound if one not in exempt)
        own = [
            (index, code, [rule for rule in place.rules if in_force(rule, self._as_of)])
            for index, code in enumerate(jurisdictions)
            if (place := self._book.get(code))
        ]
        federal_only = {code for _, code, rules in own if not rules and is_american(code)}
        forbidding = [
            (index, code, citations[0])
            for index, code, rules in own
            if (citations := [rule.citation for rule in rules if rule.holidays_forbidden])
        ]
        with_rules = [code for _, code, rules in own if rules]
        law = self._laws[key] = _Law(
            frozenset({one.rule.name for one in binding} | federal_only),
            binding,
            allowed_week(zone, binding),
            exempt,
            allowed_week(zone, exempt),
            tuple(code for _, code, _ in forbidding if code in covered),
            tuple(one for one in forbidding if one[1] not in covered),
            tuple(remarks(self._book, schedule, with_rules, covered)),
        )
        return law

    def _outside(self, schedule: DesiredSchedule, law: _Law, suspects: Sequence[Window]) -> Iterator[Finding]:
        from .violation_text import violation_text  # late: most windows are within the hours
        from .violations import violations

        closed, dated = schedule.closed_daily, self.closings().closing(schedule).closed if schedule.closures else {}
        for violation in violations(law.binding, schedule.timezone, suspects, closed, law.allowed, dated):
            yield report(
                schedule,
                Severity.WARNING if violation.begins_later else Severity.ERROR,
                "outside-calling-hours-from" if violation.begins_later else "outside-calling-hours",
                violation_text(violation, schedule.timezone, self._as_of),
                violation.path(closed),
            )

    def _exempt(self, schedule: DesiredSchedule, law: _Law, exemption: Exemption) -> Finding:
        """What the exemption takes out, and what it changes: the reviewers see it even where it changes nothing now."""
        from .violation_text import breach_text  # late: few schedules are exempt
        from .violations import violations

        zone = schedule.timezone
        closed, dated = schedule.closed_daily, self.closings().closing(schedule).closed if schedule.closures else {}
        suspects = _leaving(schedule, law.exempt_allowed)
        outside = listing(
            breach_text(breach, zone)
            for violation in violations(law.exempt, zone, suspects, closed, law.exempt_allowed, dated)
            for breach in violation.breaches
        )
        effects = [f" It calls outside their hours: {outside}."] if outside else []
        called = self._called_on_holidays(schedule, law)
        if called:
            verb = "allow" if len(called) > 1 else "allows"
            effects.append(f" It calls on holidays, on which {listing(called)} {verb} no sales calls.")
        covers_federal = not FEDERAL_PAUSES.isdisjoint(exemption.covers)
        if not effects and law.exempt:
            effects = [" No window is outside their hours now."]
        elif not effects and not (covers_federal and not FEDERAL_PAUSES.isdisjoint(schedule.pauses)):
            effects = [" Nothing of what it covers binds this schedule."]
        message = (
            f"{listing(exemption.covers)} {'do' if len(exemption.covers) > 1 else 'does'} not bind these calls: "
            f"{quote(exemption.reason)}.{''.join(effects)}"
        )
        return report(schedule, Severity.NOTICE, "exempt", message, ("exemption",))

    def _called_on_holidays(self, schedule: DesiredSchedule, law: _Law) -> list[str]:
        """The jurisdictions on whose holidays an exempt schedule calls."""
        if not law.closed:
            return []
        from .closure_checks import not_closed  # late, as above

        days = not_closed(schedule._replace(exemption=None), self.closings(), self._as_of)
        return [code for code in law.closed if code in {day.code for day in days}]


def _leaving(schedule: DesiredSchedule, allowed: WeekHours) -> list[Window]:
    """The windows that may leave the allowed hours: blackouts, not looked at here, can still make them fit."""
    return [
        window
        for window in schedule.windows
        if window.start < window.end
        and not any(first <= window.start and window.end <= last for first, last in allowed[window.weekday])
    ]
