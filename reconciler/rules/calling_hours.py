"""Whether a schedule calls only when the law at the called party's place allows it.

The law binds whether the schedule lists a regulatory pause or not: the federal hours in the zones of its American
jurisdictions, else in its own zone; each jurisdiction's own hours there; North Carolina's where NCDOJ is listed. What
cannot be known is an error: fail closed. An `exemption` takes rules out, and then one notice says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from ..findings import Finding, Severity
from ..model import DesiredSchedule, Window
from .calendar import closed_daily
from .hours import Binding, Week, allowed_week, bindings, federal_zones, own_rules
from .reporting import PAUSES, day_index, listing, quote, report
from .rule_book import FEDERAL, NCDOJ, Jurisdiction, RuleBook
from .violation_text import breach_text, violation_text
from .violations import violations
from .zones import names

STATE_RULE = "STATE_SPECIFIC"
_FEDERAL_PAUSES = (FEDERAL, "FCC")
_CAROLINA = "US-NC"
_SAME_RULE = {"FCC": FEDERAL, NCDOJ: _CAROLINA}
"""Two names of one rule: what an exemption covers under the one, it covers under the other."""
_LIST_THEM = "List where the called people are, such as jurisdictions: [US-NC, US-FL]."


@dataclass(frozen=True, slots=True)
class _Law:
    """What binds the schedules of one zone with the same pauses, jurisdictions and exemption. `allowed` is what the binding
    rules allow; `exempt` are those that the exemption takes out."""

    binding: tuple[Binding, ...]
    allowed: Week
    exempt: tuple[Binding, ...]
    exempt_allowed: Week


class CallingHours:
    """The check for one tenant on one date; keeps what schedules of the same zone, pauses and jurisdictions share."""

    def __init__(self, book: RuleBook, as_of: date) -> None:
        self._book = book
        self._as_of = as_of
        self._laws: dict[tuple[str, tuple[str, ...], tuple[str, ...], frozenset[str]], _Law] = {}

    def check(self, schedule: DesiredSchedule) -> Iterator[Finding]:
        """What is wrong, or not known, about when this schedule calls whom."""
        covered = _covered(schedule)
        yield from self._unknown_places(schedule)
        yield from self._pauses(schedule, covered)
        yield from self._holidays(schedule, covered)
        if schedule.timezone in names():
            law = self._law(schedule, covered)
            yield from self._called_zone(schedule, law, covered)
            yield from self._windows(schedule, law)
            yield from self._exempt(schedule, law, covered)

    def _law(self, schedule: DesiredSchedule, covered: frozenset[str]) -> _Law:
        key = schedule.timezone, schedule.pauses, schedule.jurisdictions, covered
        law = self._laws.get(key)
        if law is None:
            bound = bindings(self._book, self._as_of, *key[:3])
            exempt = tuple(each for each in bound if _rule_name(each.rule.name) in covered)
            binding = tuple(each for each in bound if each not in exempt)
            own = schedule.timezone
            law = _Law(binding, allowed_week(own, binding), exempt, allowed_week(own, exempt))
            self._laws[key] = law
        return law

    def _windows(self, schedule: DesiredSchedule, law: _Law) -> Iterator[Finding]:
        suspects = _leaving(schedule, law.allowed)
        if not suspects:
            return
        closed = closed_daily(schedule.blackouts)
        for violation in violations(law.binding, schedule.timezone, suspects, closed, law.allowed):
            yield report(
                schedule,
                Severity.WARNING if violation.begins_later else Severity.ERROR,
                "outside-calling-hours-from" if violation.begins_later else "outside-calling-hours",
                violation_text(violation, schedule.timezone, self._as_of),
                violation.path(closed),
            )

    def _exempt(self, schedule: DesiredSchedule, law: _Law, covered: frozenset[str]) -> Iterator[Finding]:
        if schedule.exemption is None:
            return
        covers, reason = schedule.exemption.covers, quote(schedule.exemption.reason)
        own, closed = schedule.timezone, closed_daily(schedule.blackouts)
        suspects = _leaving(schedule, law.exempt_allowed)
        outside = listing(
            breach_text(breach, own)
            for violation in violations(law.exempt, own, suspects, closed, law.exempt_allowed)
            for breach in violation.breaches
        )
        effects = [f"It calls outside their hours: {outside}."] if outside else []
        holidays = [code for code, _, _ in self._forbidding_holidays(schedule) if code in covered]
        if holidays:
            verb = "allow" if len(holidays) > 1 else "allows"
            effects.append(f"It calls on holidays, on which {listing(holidays)} {verb} no sales calls.")
        if not effects and law.exempt:
            effects = ["No window is outside their hours now."]
        elif not effects and not (FEDERAL in covered and _asks_federal(schedule)):
            effects = ["Nothing of what it covers binds this schedule."]
        yield report(
            schedule,
            Severity.NOTICE,
            "exempt",
            f"{listing(covers)} {'do' if len(covers) > 1 else 'does'} not bind these calls: {reason}. "
            f"{' '.join(effects)}".rstrip(),
            ("exemption",),
        )

    def _unknown_places(self, schedule: DesiredSchedule) -> Iterator[Finding]:
        if STATE_RULE in schedule.pauses and not schedule.jurisdictions:
            yield report(
                schedule,
                Severity.ERROR,
                "missing-jurisdictions",
                f"{STATE_RULE} needs jurisdictions: without them it is not known which states' hours hold. {_LIST_THEM}",
                PAUSES,
            )
        for index, code in enumerate(schedule.jurisdictions):
            if self._book.jurisdiction(code) is None:
                message = self._unknown_jurisdiction(code)
                yield report(
                    schedule, Severity.ERROR, "unknown-jurisdiction", message, ("jurisdictions", index)
                )
        for index, name in enumerate(schedule.exemption.covers if schedule.exemption else ()):
            if name not in (*_FEDERAL_PAUSES, NCDOJ) and self._book.jurisdiction(name) is None:
                message = f"the exemption covers {quote(name)}, which is no rule that is known. "
                message += "Name TCPA for the federal hours, or jurisdictions such as US-FL."
                path = ("exemption", "covers", index)
                yield report(schedule, Severity.ERROR, "unknown-jurisdiction", message, path)

    def _unknown_jurisdiction(self, code: str) -> str:
        if code in self._book.own:
            return (
                f"the rules of {quote(code)} in tenant.yaml are broken, so its calling hours are not known."
            )
        meant = f"US-{code.strip().upper().removeprefix('US').lstrip('-_ ')}"
        hint = f" Did you mean {meant}?" if self._book.jurisdiction(meant) else ""
        return (
            f"no calling hours are known for {quote(code)}.{hint} Hours of a further jurisdiction belong under "
            "compliance.jurisdictions of tenant.yaml."
        )

    def _pauses(self, schedule: DesiredSchedule, covered: frozenset[str]) -> Iterator[Finding]:
        """Rules that are held here, and that CXone is not asked to keep."""
        zones = federal_zones(self._book, schedule.timezone, schedule.jurisdictions)
        if zones and not _asks_federal(schedule) and FEDERAL not in covered:
            yield report(
                schedule,
                Severity.WARNING,
                "pause-not-listed",
                f"neither TCPA nor FCC is among its regulatory pauses, so CXone itself will not pause these calls; they are "
                f"held against the federal hours in {listing(zones)}. Add TCPA to complianceRules.regulatoryPauses.",
                PAUSES,
            )
        if STATE_RULE in schedule.pauses:
            return
        told = {_CAROLINA, *covered} if NCDOJ in schedule.pauses else covered
        codes = [code for code, _, place in self._known(schedule) if own_rules(place, self._as_of)]
        unlisted = [code for code in codes if code not in told]
        if unlisted:
            yield report(
                schedule,
                Severity.WARNING,
                "state-rules-not-listed",
                f"{STATE_RULE} is not among its regulatory pauses, so CXone itself will not keep the hours of "
                f"{listing(unlisted)}; the schedule is held against them. Add {STATE_RULE} to "
                "complianceRules.regulatoryPauses.",
                ("jurisdictions",),
            )

    def _called_zone(
        self, schedule: DesiredSchedule, law: _Law, covered: frozenset[str]
    ) -> Iterator[Finding]:
        if schedule.jurisdictions:
            return
        zone, federal = schedule.timezone, _asks_federal(schedule) and FEDERAL not in covered
        if not federal and not law.binding and not law.exempt and not schedule.pauses:
            yield report(
                schedule,
                Severity.NOTICE,
                "hours-not-checked",
                f"no calling hours are checked: {zone} is no zone of a US state, and the schedule lists no jurisdictions. "
                f"{_LIST_THEM}",
                ("timezone",),
            )
        elif federal and federal_zones(self._book, zone, ()):
            yield report(
                schedule,
                Severity.NOTICE,
                "called-zone-assumed",
                f"the federal hours are held against {zone}, the schedule's own zone, because it lists no jurisdictions: the "
                "called people are taken to live there.",
                ("timezone",),
            )
        elif federal:
            yield report(
                schedule,
                Severity.ERROR,
                "called-zone-unknown",
                f"the federal hours hold at the called people's place, which is not known: {zone} is no zone of a US state, "
                f"and the schedule lists no jurisdictions. {_LIST_THEM}",
                ("timezone",),
            )

    def _holidays(self, schedule: DesiredSchedule, covered: frozenset[str]) -> Iterator[Finding]:
        for code, index, citation in self._forbidding_holidays(schedule):
            if code not in covered:
                yield report(
                    schedule,
                    Severity.WARNING,
                    "holiday-not-closed",
                    f"{code} allows no sales calls on its holidays ({citation}), and this schedule calls every week: stop it "
                    "in CXone on those days.",
                    ("jurisdictions", index),
                )

    def _known(self, schedule: DesiredSchedule) -> Iterator[tuple[str, int, Jurisdiction]]:
        """The jurisdictions that are known, with their number in the list."""
        for index, code in enumerate(schedule.jurisdictions):
            jurisdiction = self._book.jurisdiction(code)
            if jurisdiction is not None:
                yield code, index, jurisdiction

    def _forbidding_holidays(self, schedule: DesiredSchedule) -> Iterator[tuple[str, int, str]]:
        """The jurisdictions that forbid calls on holidays within the twelve months, with number and citation."""
        for code, index, jurisdiction in self._known(schedule):
            for rule in own_rules(jurisdiction, self._as_of):
                if rule.holidays_forbidden:
                    yield code, index, rule.citation
                    break


def _covered(schedule: DesiredSchedule) -> frozenset[str]:
    covers = schedule.exemption.covers if schedule.exemption is not None else ()
    return frozenset(map(_rule_name, covers))


def _rule_name(name: str) -> str:
    return _SAME_RULE.get(name, name)


def _asks_federal(schedule: DesiredSchedule) -> bool:
    return any(pause in schedule.pauses for pause in _FEDERAL_PAUSES)


def _leaving(schedule: DesiredSchedule, allowed: Week) -> list[Window]:
    """The windows that may leave the allowed hours: blackouts, not looked at here, can still make them fit."""
    return [window for window in schedule.windows if _leaves(window, allowed[day_index(window)])]


def _leaves(window: Window, allowed: Iterable[tuple[int, int]]) -> bool:
    start, end = window.start, window.end
    for first, last in allowed:
        if first <= start and end <= last:
            return False
    return start < end
