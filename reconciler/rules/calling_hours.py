"""Whether a schedule calls only when the law at the called party's place allows it.

The law binds whether the schedule lists a regulatory pause or not: the federal hours in the zones of its American
jurisdictions, else in its own zone; each jurisdiction's own hours there; North Carolina's where NCDOJ is listed. What
cannot be known is an error: fail closed. An `exemption` takes rules out, and then one notice says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from ..closures import closed_daily
from ..findings import Finding, Severity
from ..model import DesiredSchedule, Exemption, HeldHours, Path, Window
from ..phrases import listing, quote
from .closing import Closings
from .hours import AllowedWeek, Binding, allowed_week, bindings, federal_zones, in_force, is_american
from .reporting import PAUSES, report
from .rule_book import FEDERAL, NCDOJ, STATE_RULE, Rule, RuleBook, name_of, shipped
from .zones import names

_FEDERAL_PAUSES = {FEDERAL, "FCC"}
_CAROLINA = "US-NC"
_SAME_RULE = {"FCC": FEDERAL, NCDOJ: _CAROLINA}
"""Two names of one rule: what an exemption covers under the one, it covers under the other."""
_LIST_THEM = "List where the called people are, such as jurisdictions: [US-NC, US-FL]."
_REMARKS = {
    "missing-jurisdictions": (
        Severity.ERROR,
        f"{STATE_RULE} needs jurisdictions: without them it is not known which states' hours hold. {_LIST_THEM}",
    ),
    "unknown-jurisdiction": (Severity.ERROR, "{}"),
    # Rules that are held here, and that CXone is not asked to keep.
    "pause-not-listed": (
        Severity.WARNING,
        (
            "neither TCPA nor FCC is among its regulatory pauses, so CXone itself will not pause these calls; they are held "
            "against the federal hours in {}. Add TCPA to complianceRules.regulatoryPauses."
        ),
    ),
    "state-rules-not-listed": (
        Severity.WARNING,
        (
            f"{STATE_RULE} is not among its regulatory pauses, so CXone itself will not keep the hours of {{}}; the schedule is "
            f"held against them. Add {STATE_RULE} to complianceRules.regulatoryPauses."
        ),
    ),
    # What is taken for the called people's place where the schedule does not say it.
    "called-zone-assumed": (
        Severity.NOTICE,
        (
            "the federal hours are held against {}, the schedule's own zone, because it lists no jurisdictions: the called "
            "people are taken to live there."
        ),
    ),
    "called-zone-unknown": (
        Severity.ERROR,
        (
            "the federal hours hold at the called people's place, which is not known: {} is no zone of a US state, and the "
            f"schedule lists no jurisdictions. {_LIST_THEM}"
        ),
    ),
    "hours-not-checked": (Severity.NOTICE, "{}"),
}
"""What can be said of a schedule beside its windows."""

_Own = Sequence[tuple[int, str, Sequence[Rule]]]
_Remark = tuple[str, Path, tuple[str, ...]]


class _Law(NamedTuple):
    """What the schedules of one zone with the same pauses, jurisdictions and exemption share.

    `names` are the rules that bind, and the American jurisdictions where only the federal one does;
    `exempt` are the rules that would bind and that the exemption takes out, `closed` the jurisdictions that it takes out and
    that forbid calls on holidays, `holidays` number, code and citation of the others that do. `remarks` are the code, the
    path and the words of what is to be said beside the windows.
    """

    names: frozenset[str]
    binding: tuple[Binding, ...]
    allowed: AllowedWeek
    exempt: tuple[Binding, ...]
    exempt_allowed: AllowedWeek
    closed: tuple[str, ...]
    holidays: tuple[tuple[int, str, str], ...]
    remarks: tuple[_Remark, ...]


class CallingHours:
    """The check for one tenant on one date; keeps what schedules of the same zone, pauses and jurisdictions share."""

    def __init__(self, book: RuleBook, as_of: date, closings: Closings | None = None) -> None:
        self._book = book
        self._as_of = as_of
        self._closings = closings or Closings(book, as_of)
        self._laws: dict[tuple[object, ...], _Law] = {}

    def check(self, schedule: DesiredSchedule) -> Iterator[Finding]:
        """What is wrong, or not known, about when this schedule calls whom."""
        law = self._law_of(schedule)
        for code, path, words in law.remarks:
            severity, sentence = _REMARKS[code]
            yield report(schedule, severity, code, sentence.format(*words), path)
        if law.holidays:
            from .closure_checks import holidays_not_closed  # late: few laws forbid calls on holidays

            yield from holidays_not_closed(schedule, self._closings, self._as_of, law.holidays)
        suspects = _leaving(schedule, law.allowed)
        if suspects:
            yield from self._outside(schedule, law, suspects)
        if schedule.exemption is not None and schedule.timezone in names():
            yield self._exempt(schedule, law, schedule.exemption)

    def allowed(self, schedule: DesiredSchedule) -> AllowedWeek | None:
        """The hours of the schedule's own clock that all rules allow which bind it; None where none is known to bind."""
        law = self._law_of(schedule)
        return law.allowed if law.binding else None

    def held(self, schedules: Iterable[DesiredSchedule]) -> HeldHours:
        """Against which rules these schedules are held."""
        bound = [law.names for schedule in schedules if (law := self._law_of(schedule)).binding]
        names_in_order = sorted(frozenset().union(*bound), key=lambda name: ("-" in name, name))
        return HeldHours(shipped().version, len(bound), tuple(names_in_order))

    def _law_of(self, schedule: DesiredSchedule) -> _Law:
        covers = schedule.exemption.covers if schedule.exemption else ()
        key = schedule.timezone, schedule.pauses, schedule.jurisdictions, covers
        if key not in self._laws:
            self._laws[key] = self._law(schedule, covers)
        return self._laws[key]

    def _law(self, schedule: DesiredSchedule, covers: Sequence[str]) -> _Law:
        zone, pauses, jurisdictions = schedule.timezone, schedule.pauses, schedule.jurisdictions
        covered = frozenset(_SAME_RULE.get(name, name) for name in covers)
        bound = bindings(self._book, self._as_of, zone, pauses, jurisdictions) if zone in names() else ()
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
        return _Law(
            frozenset({one.rule.name for one in binding} | federal_only),
            binding,
            allowed_week(zone, binding),
            exempt,
            allowed_week(zone, exempt),
            tuple(code for _, code, _ in forbidding if code in covered),
            tuple(one for one in forbidding if one[1] not in covered),
            (
                *self._remarks(schedule, own, covered),
                *self._not_checked(zone, own, covered),
                *self._unknown(jurisdictions, covers),
            ),
        )

    def _remarks(self, schedule: DesiredSchedule, own: _Own, covered: frozenset[str]) -> Iterator[_Remark]:
        """`own` are the rules in force of each known jurisdiction, with its number in the list; `covered` are the rules that
        the exemption takes out."""
        zone, pauses, jurisdictions = schedule.timezone, schedule.pauses, schedule.jurisdictions
        federal = federal_zones(self._book, zone, jurisdictions)
        asks_federal = not _FEDERAL_PAUSES.isdisjoint(pauses)
        asked = covered | ({_CAROLINA} if NCDOJ in pauses else set())
        unlisted = [code for _, code, rules in own if rules and code not in asked]
        if STATE_RULE in pauses and not jurisdictions:
            yield "missing-jurisdictions", PAUSES, ()
        if federal and not asks_federal and FEDERAL not in covered:
            yield "pause-not-listed", PAUSES, (listing(federal),)
        if unlisted and STATE_RULE not in pauses:
            yield "state-rules-not-listed", ("jurisdictions",), (listing(unlisted),)
        if jurisdictions or zone not in names():
            return
        if federal and FEDERAL not in covered:
            yield "called-zone-assumed", ("timezone",), (zone,)
        elif asks_federal and FEDERAL not in covered:
            yield "called-zone-unknown", ("timezone",), (zone,)
        elif not federal and not pauses:
            country = next((code for code, place in self._book.items() if place and zone in place.zones), "")
            example = (
                f"List where the called people are, such as jurisdictions: [{country}]." if country else _LIST_THEM
            )
            message = (
                f"no calling hours are checked: {zone} is no zone of a US state, and the schedule lists no jurisdictions. "
                f"{example}"
            )
            yield "hours-not-checked", ("timezone",), (message,)

    def _not_checked(self, zone: str, own: _Own, covered: frozenset[str]) -> Iterator[_Remark]:
        """Countries of which no hours are known, and those that may be meant for a state of the United States."""
        american = FEDERAL in covered or zone not in shipped().us_zones or any(is_american(code) for _, code, _ in own)
        for index, code, _ in own:
            place, twin = self._book.get(code), f"US-{code}"
            path: Path = ("jurisdictions", index)
            if place is not None and not place.rules and not is_american(code) and code not in covered:
                message = (
                    f"no calling hours are checked for {name_of(code)} ({code}), because none by law could be confirmed. Ask "
                    "your counsel, and give them under compliance.jurisdictions of tenant.yaml."
                )
                yield "hours-not-checked", path, (message,)
            if not american and self._book.get(twin):
                message = (
                    f"the hours of the United States are not checked: {code} is {name_of(code)}. For {name_of(twin)} write "
                    f"{twin}."
                )
                yield "hours-not-checked", path, (message,)

    def _unknown(self, jurisdictions: Sequence[str], covers: Sequence[str]) -> Iterator[_Remark]:
        for index, code in enumerate(jurisdictions):
            if self._book.get(code) is None:
                yield "unknown-jurisdiction", ("jurisdictions", index), (self._unknown_jurisdiction(code),)
        for index, name in enumerate(covers):
            if name not in (*_FEDERAL_PAUSES, NCDOJ) and self._book.get(name) is None:
                message = (
                    f"the exemption covers {quote(name)}, which is no rule that is known. Name TCPA for the federal hours, or "
                    "jurisdictions such as US-FL."
                )
                yield "unknown-jurisdiction", ("exemption", "covers", index), (message,)

    def _unknown_jurisdiction(self, code: str) -> str:
        if code in self._book:
            return f"the rules of {quote(code)} in tenant.yaml are broken, so its calling hours are not known."
        from .lookup import near_codes  # late: most codes are known

        near = [meant for meant in near_codes(code) if self._book.get(meant)]
        hint = f" Did you mean {listing(near, last='or')}?" if near else ""
        if code == "US":
            hint = " List its states, such as US-NC and US-FL."
        return (
            f"no calling hours are known for {quote(code)}.{hint} Hours of a further jurisdiction belong under "
            "compliance.jurisdictions of tenant.yaml."
        )

    def _outside(self, schedule: DesiredSchedule, law: _Law, suspects: Sequence[Window]) -> Iterator[Finding]:
        from .violation_text import violation_text  # late: most windows are within the hours
        from .violations import violations

        closed, dated = closed_daily(schedule.blackouts), self._closings.closing(schedule).closed
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
        closed, dated = closed_daily(schedule.blackouts), self._closings.closing(schedule).closed
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
        covers_federal = not _FEDERAL_PAUSES.isdisjoint(exemption.covers)
        if not effects and law.exempt:
            effects = [" No window is outside their hours now."]
        elif not effects and not (covers_federal and not _FEDERAL_PAUSES.isdisjoint(schedule.pauses)):
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

        days = not_closed(replace(schedule, exemption=None), self._closings, self._as_of)
        return [code for code in law.closed if code in {day.code for day in days}]


def _leaving(schedule: DesiredSchedule, allowed: AllowedWeek) -> list[Window]:
    """The windows that may leave the allowed hours: blackouts, not looked at here, can still make them fit."""
    return [
        window
        for window in schedule.windows
        if window.start < window.end
        and not any(first <= window.start and window.end <= last for first, last in allowed[window.weekday])
    ]
