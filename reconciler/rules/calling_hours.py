"""Whether a schedule calls only when the law at the called party's place allows it.

The law binds whether the schedule lists a regulatory pause or not: the federal hours in the zones of its American
jurisdictions, else in its own zone; each jurisdiction's own hours there; North Carolina's where NCDOJ is listed. What
cannot be known is an error: fail closed. An `exemption` takes rules out, and then one notice says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from ..closures import closed_daily
from ..findings import Finding, Severity
from ..model import DesiredSchedule, Path, Window
from ..phrases import listing, quote
from .hours import AllowedWeek, Binding, allowed_week, bindings, federal_zones, own_rules
from .reporting import PAUSES, day_index, report
from .rule_book import FEDERAL, NCDOJ, Rule, RuleBook
from .violation_text import breach_text, violation_text
from .violations import violations
from .zones import names

STATE_RULE = "STATE_SPECIFIC"
_FEDERAL_PAUSES = {FEDERAL, "FCC"}
_CAROLINA = "US-NC"
_SAME_RULE = {"FCC": FEDERAL, NCDOJ: _CAROLINA}
"""Two names of one rule: what an exemption covers under the one, it covers under the other."""
_LIST_THEM = "List where the called people are, such as jurisdictions: [US-NC, US-FL]."


@dataclass(frozen=True, slots=True)
class _Law:
    """What the schedules of one zone with the same pauses, jurisdictions and exemption share.

    `federal` are the zones in which the federal hours are read, `own` the rules of each known jurisdiction with its number
    in the list. `covered` are the rules that the exemption takes out, and `exempt` those of them that would bind.
    """

    federal: tuple[str, ...]
    asks_federal: bool
    own: tuple[tuple[int, str, tuple[Rule, ...]], ...]
    covered: frozenset[str]
    binding: tuple[Binding, ...]
    allowed: AllowedWeek
    exempt: tuple[Binding, ...]
    exempt_allowed: AllowedWeek

    @property
    def holidays(self) -> Iterator[tuple[int, str, str]]:
        """The jurisdictions that forbid calls on holidays within the twelve months: number, code and citation."""
        for index, code, rules in self.own:
            citations = [rule.citation for rule in rules if rule.holidays_forbidden]
            if citations:
                yield index, code, citations[0]


class CallingHours:
    """The check for one tenant on one date; keeps what schedules of the same zone, pauses and jurisdictions share."""

    def __init__(self, book: RuleBook, as_of: date) -> None:
        self._book = book
        self._as_of = as_of
        self._laws: dict[tuple[object, ...], _Law] = {}

    def check(self, schedule: DesiredSchedule) -> Iterator[Finding]:
        """What is wrong, or not known, about when this schedule calls whom."""
        known_zone = schedule.timezone in names()
        law = self._law(schedule, known_zone=known_zone)
        yield from self._unknown_places(schedule)
        yield from _not_listed(schedule, law)
        yield from _holidays(schedule, law)
        if known_zone:
            yield from _called_zone(schedule, law)
            yield from self._windows(schedule, law)
            yield from _exempt(schedule, law)

    def _law(self, schedule: DesiredSchedule, *, known_zone: bool) -> _Law:
        zone, pauses, jurisdictions = schedule.timezone, schedule.pauses, schedule.jurisdictions
        covered = frozenset(
            _SAME_RULE.get(name, name) for name in (schedule.exemption.covers if schedule.exemption else ())
        )
        key = zone, pauses, jurisdictions, covered
        if key not in self._laws:
            bound = bindings(self._book, self._as_of, zone, pauses, jurisdictions) if known_zone else ()
            exempt = tuple(one for one in bound if _SAME_RULE.get(one.rule.name, one.rule.name) in covered)
            binding = tuple(one for one in bound if one not in exempt)
            places = ((index, code, self._book.jurisdiction(code)) for index, code in enumerate(jurisdictions))
            self._laws[key] = _Law(
                federal=federal_zones(self._book, zone, jurisdictions),
                asks_federal=not _FEDERAL_PAUSES.isdisjoint(pauses),
                own=tuple((index, code, own_rules(place, self._as_of)) for index, code, place in places if place),
                covered=covered,
                binding=binding,
                allowed=allowed_week(zone, binding),
                exempt=exempt,
                exempt_allowed=allowed_week(zone, exempt),
            )
        return self._laws[key]

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

    def _unknown_places(self, schedule: DesiredSchedule) -> Iterator[Finding]:
        if STATE_RULE in schedule.pauses and not schedule.jurisdictions:
            message = (
                f"{STATE_RULE} needs jurisdictions: without them it is not known which states' hours hold. {_LIST_THEM}"
            )
            yield report(schedule, Severity.ERROR, "missing-jurisdictions", message, PAUSES)
        unknown: dict[Path, str] = {
            ("jurisdictions", index): self._unknown_jurisdiction(code)
            for index, code in enumerate(schedule.jurisdictions)
            if self._book.jurisdiction(code) is None
        }
        for index, name in enumerate(schedule.exemption.covers if schedule.exemption else ()):
            if name not in (*_FEDERAL_PAUSES, NCDOJ) and self._book.jurisdiction(name) is None:
                unknown[("exemption", "covers", index)] = (
                    f"the exemption covers {quote(name)}, which is no rule that is known. Name TCPA for the federal hours, or "
                    "jurisdictions such as US-FL."
                )
        for path, message in unknown.items():
            yield report(schedule, Severity.ERROR, "unknown-jurisdiction", message, path)

    def _unknown_jurisdiction(self, code: str) -> str:
        if code in self._book.own:
            return f"the rules of {quote(code)} in tenant.yaml are broken, so its calling hours are not known."
        meant = f"US-{code.strip().upper().removeprefix('US').lstrip('-_ ')}"
        hint = f" Did you mean {meant}?" if self._book.jurisdiction(meant) else ""
        return (
            f"no calling hours are known for {quote(code)}.{hint} Hours of a further jurisdiction belong under "
            "compliance.jurisdictions of tenant.yaml."
        )


def _not_listed(schedule: DesiredSchedule, law: _Law) -> Iterator[Finding]:
    """Rules that are held here, and that CXone is not asked to keep."""
    if law.federal and not law.asks_federal and FEDERAL not in law.covered:
        message = (
            "neither TCPA nor FCC is among its regulatory pauses, so CXone itself will not pause these calls; they are held "
            f"against the federal hours in {listing(law.federal)}. Add TCPA to complianceRules.regulatoryPauses."
        )
        yield report(schedule, Severity.WARNING, "pause-not-listed", message, PAUSES)
    asked = law.covered | ({_CAROLINA} if NCDOJ in schedule.pauses else set())
    unlisted = [code for _, code, rules in law.own if rules and code not in asked]
    if unlisted and STATE_RULE not in schedule.pauses:
        message = (
            f"{STATE_RULE} is not among its regulatory pauses, so CXone itself will not keep the hours of "
            f"{listing(unlisted)}; the schedule is held against them. Add {STATE_RULE} to "
            "complianceRules.regulatoryPauses."
        )
        yield report(schedule, Severity.WARNING, "state-rules-not-listed", message, ("jurisdictions",))


def _holidays(schedule: DesiredSchedule, law: _Law) -> Iterator[Finding]:
    for index, code, citation in law.holidays:
        if code not in law.covered:
            message = (
                f"{code} allows no sales calls on its holidays ({citation}), and this schedule calls every week: stop it in "
                "CXone on those days."
            )
            yield report(schedule, Severity.WARNING, "holiday-not-closed", message, ("jurisdictions", index))


def _called_zone(schedule: DesiredSchedule, law: _Law) -> Iterator[Finding]:
    """What is taken for the called people's place where the schedule does not say it."""
    if schedule.jurisdictions:
        return
    zone = schedule.timezone
    if law.federal and FEDERAL not in law.covered:
        message = (
            f"the federal hours are held against {zone}, the schedule's own zone, because it lists no jurisdictions: the "
            "called people are taken to live there."
        )
        yield report(schedule, Severity.NOTICE, "called-zone-assumed", message, ("timezone",))
    elif law.asks_federal and FEDERAL not in law.covered:
        message = (
            f"the federal hours hold at the called people's place, which is not known: {zone} is no zone of a US state, and "
            f"the schedule lists no jurisdictions. {_LIST_THEM}"
        )
        yield report(schedule, Severity.ERROR, "called-zone-unknown", message, ("timezone",))
    elif not law.federal and not schedule.pauses:
        message = (
            f"no calling hours are checked: {zone} is no zone of a US state, and the schedule lists no jurisdictions. "
            f"{_LIST_THEM}"
        )
        yield report(schedule, Severity.NOTICE, "hours-not-checked", message, ("timezone",))


def _exempt(schedule: DesiredSchedule, law: _Law) -> Iterator[Finding]:
    """What the exemption takes out, and what it changes: the reviewers see it even where it changes nothing now."""
    if schedule.exemption is None:
        return
    covers, zone = schedule.exemption.covers, schedule.timezone
    suspects = _leaving(schedule, law.exempt_allowed)
    closed = closed_daily(schedule.blackouts)
    outside = listing(
        breach_text(breach, zone)
        for violation in violations(law.exempt, zone, suspects, closed, law.exempt_allowed)
        for breach in violation.breaches
    )
    holidays = [code for _, code, _ in law.holidays if code in law.covered]
    effects = [f" It calls outside their hours: {outside}."] if outside else []
    if holidays:
        verb = "allow" if len(holidays) > 1 else "allows"
        effects.append(f" It calls on holidays, on which {listing(holidays)} {verb} no sales calls.")
    if not effects and law.exempt:
        effects = [" No window is outside their hours now."]
    elif not effects and not (law.asks_federal and FEDERAL in law.covered):
        effects = [" Nothing of what it covers binds this schedule."]
    message = (
        f"{listing(covers)} {'do' if len(covers) > 1 else 'does'} not bind these calls: "
        f"{quote(schedule.exemption.reason)}.{''.join(effects)}"
    )
    yield report(schedule, Severity.NOTICE, "exempt", message, ("exemption",))


def _leaving(schedule: DesiredSchedule, allowed: AllowedWeek) -> list[Window]:
    """The windows that may leave the allowed hours: blackouts, not looked at here, can still make them fit."""
    return [
        window
        for window in schedule.windows
        if window.start < window.end
        and not any(first <= window.start and window.end <= last for first, last in allowed[day_index(window)])
    ]
