"""What is said of a schedule beside its windows: whom it is taken to call, which rules CXone is not asked to keep, and what
cannot be checked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set

from ..findings import Severity
from ..model import DesiredSchedule, Path
from ..phrases import listing, quote
from .hours import federal_zones, is_american
from .reporting import PAUSES
from .rule_book import CAROLINA, FEDERAL, FEDERAL_PAUSES, NCDOJ, STATE_RULE, RuleBook, name_of, shipped
from .zones import names

Remark = tuple[Severity, str, str, Path]
"""Severity, code, sentence, and the path of what it is about."""

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


def remarks(
    book: RuleBook, schedule: DesiredSchedule, with_rules: Sequence[str], covered: Set[str]
) -> Iterator[Remark]:
    """What is to be said of schedules that share a zone, pauses, jurisdictions and exemption. `with_rules` are the
    jurisdictions that have rules in force; `covered` are the rules that the exemption takes out."""
    said = [*_of_pauses(book, schedule, with_rules, covered)]
    if not all(book.get(code) and is_american(code) for code in schedule.jurisdictions):
        said += _of_places(book, schedule, covered)
    if schedule.exemption is not None:
        said += _of_exemption(book, schedule.exemption.covers)
    for code, words, path in said:
        severity, sentence = _REMARKS[code]
        yield severity, code, sentence.format(words), path


def _of_pauses(
    book: RuleBook, schedule: DesiredSchedule, with_rules: Sequence[str], covered: Set[str]
) -> Iterator[tuple[str, str, Path]]:
    """What the listed pauses and the zone say, or do not say: code, words and path."""
    zone, pauses, jurisdictions = schedule.timezone, schedule.pauses, schedule.jurisdictions
    federal = federal_zones(book, zone, jurisdictions)
    asks_federal = not FEDERAL_PAUSES.isdisjoint(pauses)
    asked = covered | ({CAROLINA} if NCDOJ in pauses else set())
    unlisted = [code for code in with_rules if code not in asked]
    if STATE_RULE in pauses and not jurisdictions:
        yield "missing-jurisdictions", "", PAUSES
    if federal and not asks_federal and FEDERAL not in covered:
        yield "pause-not-listed", listing(federal), PAUSES
    if unlisted and STATE_RULE not in pauses:
        yield "state-rules-not-listed", listing(unlisted), ("jurisdictions",)
    if jurisdictions or zone not in names():
        return
    if federal and FEDERAL not in covered:
        yield "called-zone-assumed", zone, ("timezone",)
    elif asks_federal and FEDERAL not in covered:
        yield "called-zone-unknown", zone, ("timezone",)
    elif not federal and not pauses:
        country = next((code for code, place in book.items() if place and zone in place.zones), "")
        example = f"List where the called people are, such as jurisdictions: [{country}]." if country else _LIST_THEM
        message = (
            f"no calling hours are checked: {zone} is no zone of a US state, and the schedule lists no jurisdictions. "
            f"{example}"
        )
        yield "hours-not-checked", message, ("timezone",)


def _of_places(book: RuleBook, schedule: DesiredSchedule, covered: Set[str]) -> Iterator[tuple[str, str, Path]]:
    """Jurisdictions that are not known, countries of which no hours are known, and those that may be meant for a state of
    the United States."""
    codes = schedule.jurisdictions
    has_american = any(is_american(code) for code in codes if book.get(code))
    may_be_state = schedule.timezone in shipped().us_zones and not has_american and FEDERAL not in covered
    for index, code in enumerate(codes):
        place, twin = book.get(code), f"US-{code}"
        path: Path = ("jurisdictions", index)
        if place is None:
            yield "unknown-jurisdiction", _unknown_jurisdiction(book, code), path
            continue
        if not place.rules and not is_american(code) and code not in covered:
            message = (
                f"no calling hours are checked for {name_of(code)} ({code}), because none by law could be confirmed. Ask "
                "your counsel, and give them under compliance.jurisdictions of tenant.yaml."
            )
            yield "hours-not-checked", message, path
        if may_be_state and book.get(twin):
            message = (
                f"the hours of the United States are not checked: {code} is {name_of(code)}. For {name_of(twin)} write "
                f"{twin}."
            )
            yield "hours-not-checked", message, path


def _of_exemption(book: RuleBook, covers: Sequence[str]) -> Iterator[tuple[str, str, Path]]:
    for index, name in enumerate(covers):
        if name not in (*FEDERAL_PAUSES, NCDOJ) and book.get(name) is None:
            message = (
                f"the exemption covers {quote(name)}, which is no rule that is known. Name TCPA for the federal hours, or "
                "jurisdictions such as US-FL."
            )
            yield "unknown-jurisdiction", message, ("exemption", "covers", index)


def _unknown_jurisdiction(book: RuleBook, code: str) -> str:
    if code in book:
        return f"the rules of {quote(code)} in tenant.yaml are broken, so its calling hours are not known."
    from .lookup import near_codes  # late: most codes are known

    near = [meant for meant in near_codes(code) if book.get(meant)]
    hint = f" Did you mean {listing(near, last='or')}?" if near else ""
    if code == "US":
        hint = " List its states, such as US-NC and US-FL."
    return (
        f"no calling hours are known for {quote(code)}.{hint} Hours of a further jurisdiction belong under "
        "compliance.jurisdictions of tenant.yaml."
    )
