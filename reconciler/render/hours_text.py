"""Calling hours of codes, for people and programs: hours by weekday, source, how sure, since when, what comes next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..canonical import clock
from ..intervals import WeekHours
from ..model import WEEKDAYS, JsonObject
from ..model.law import HoursReport, KnownHours, LegalHours
from ..phrases import listing, weekdays
from .escape import json_text, visible

_SURE = {
    "H": "sure",
    "M": "fairly sure; ask your counsel",
    "L": "not sure; ask your counsel before you rely on it",
    None: "not said",
}
_ON_THEIR_CLOCK = "; the hours are those of the called person's own clock"
_NONE_OF_ITS_OWN = "fairly sure; that a place has no hours of its own is hard to prove"


def hours_text(report: HoursReport) -> str:
    """All codes, a paragraph each with a label before each line; ends with a newline."""
    paragraphs = [[_title(known), *_lines(known)] for known in report.known]
    allowed = [known.allowed for known in report.known if known.allowed is not None]
    if len(allowed) > 1:
        paragraphs.append(
            [f"All of them together allow, on the called person's own clock: {hours_line(_shared(allowed))}."]
        )
    edition = f"Rule data {report.version}, reviewed on {report.reviewed}, for live sales calls to consumers."
    paragraphs.append([f"As of {report.as_of}. {edition} Not legal advice."])
    return "\n\n".join("\n".join(map(visible, lines)) for lines in paragraphs) + "\n"


def hours_json(report: HoursReport) -> str:
    """The same as one JSON object. Times are half-open, HH:MM:SS on the called person's own clock; 24:00:00 ends a day."""
    document = {
        "asOf": str(report.as_of),
        "ruleData": {"version": report.version, "reviewed": str(report.reviewed)},
        "hours": [_document(known) for known in report.known],
    }
    return json_text(document)


def hours_line(week: WeekHours, *, closed: str = "no calls") -> str:
    """`Mon–Fri 09:00–18:00; Sat 10:00–17:00; Sun no calls`: equal days are one piece. Without words for days that are
    `closed`, these are left out."""
    alike: dict[tuple[tuple[int, int], ...], list[int]] = {}
    for day, spans in enumerate(week):
        alike.setdefault(spans, []).append(day)
    return "; ".join(
        f"{weekdays(days)} {listing(map(_span, spans)) if spans else closed}"
        for spans, days in alike.items()
        if spans or closed
    )


def _title(known: KnownHours) -> str:
    name = f"  {known.name}" if known.name != known.code else ""
    return f"{known.code}{name}" + (f" (instead of the above, for tenant {known.tenant})" if known.tenant else "")


def _lines(known: KnownHours) -> Iterator[str]:
    for law in known.own:
        yield from _law(law)
        if set(law.zones) != set(known.zones):
            yield _line("read in", listing(law.zones))
    without = _without_own(known)
    if without:
        yield _line("hours", without)
    if known.federal is not None:
        more = "hold as well" if known.own else "hold"
        yield _line("federal", f"{hours_line(known.federal.week)} {more} ({known.federal.citation})")
    if known.own or known.zones:
        where = ", ".join(known.zones) or "in every zone of the United States"
        yield _line("where", f"{where}{_ON_THEIR_CLOCK if known.allowed is not None else ''}")
    yield from _other_dates(known)
    if known.confidence is not None:
        yield _line("how sure", _NONE_OF_ITS_OWN if known.confidence == "M" else _SURE[known.confidence])
    if known.note:
        yield _line("note", known.note)


def _other_dates(known: KnownHours) -> Iterator[str]:
    for law in known.earlier:
        yield _line("before", f"until {law.ends}: {_in_short(law)}")
    for law in known.later:
        yield _line("next", f"from {law.begins}: {_in_short(law)}")
    if known.own and not known.later:
        yield _line("next", "no change is known")


def _law(law: LegalHours) -> Iterator[str]:
    yield _line("hours", hours_line(law.week))
    yield _line("holidays", "no calls on the holidays of the place" if law.holidays_forbidden else "as on other days")
    yield _line("source", law.citation)
    until = f", until {law.ends}" if law.ends is not None else ""
    yield _line("since", f"{law.begins or 'no date is recorded'}{until}")
    yield _line("how sure", _SURE[law.confidence])
    if law.note:
        yield _line("note", law.note)


def _without_own(known: KnownHours) -> str:
    """What stands where no law of its own is in force; nothing for a pause that only stands for others."""
    if known.own or not known.zones:
        return ""
    if known.later or known.earlier:
        return "none of its own on this date"
    return "none of its own are known" if known.federal is not None else "not known, so none are checked"


def _in_short(law: LegalHours) -> str:
    holidays = ", no calls on holidays" if law.holidays_forbidden else ""
    return f"{hours_line(law.week)}{holidays} ({law.citation}; {_SURE[law.confidence]})"


def _line(label: str, text: str) -> str:
    return f"  {label:<9} {text}"


def _shared(weeks: Sequence[WeekHours]) -> WeekHours:
    """What all weeks allow."""
    shared = weeks[0]
    for week in weeks[1:]:
        shared = tuple(
            tuple(
                (max(start, begin), min(end, stop))
                for start, end in ours
                for begin, stop in theirs
                if max(start, begin) < min(end, stop)
            )
            for ours, theirs in zip(shared, week, strict=True)
        )
    return shared


def _span(span: tuple[int, int]) -> str:
    return "–".join(clock(seconds).removesuffix(":00") for seconds in span)


def _document(known: KnownHours) -> JsonObject:
    return {
        "code": known.code,
        "name": known.name,
        "tenant": known.tenant,
        "zones": list(known.zones),
        "allowed": None if known.allowed is None else _week(known.allowed),
        "inForce": list(map(_law_document, known.own)),
        "federal": None if known.federal is None else _law_document(known.federal),
        "later": list(map(_law_document, known.later)),
        "earlier": list(map(_law_document, known.earlier)),
        "confidence": known.confidence,
        "note": known.note or None,
    }


def _law_document(law: LegalHours) -> JsonObject:
    return {
        "hours": _week(law.week),
        "holidays": "forbidden" if law.holidays_forbidden else "allowed",
        "zones": list(law.zones),
        "citation": law.citation,
        "effectiveFrom": None if law.begins is None else str(law.begins),
        "effectiveTo": None if law.ends is None else str(law.ends),
        "confidence": law.confidence,
        "note": law.note or None,
    }


def _week(week: WeekHours) -> JsonObject:
    return {
        day: [{"from": clock(start), "to": clock(end)} for start, end in spans]
        for day, spans in zip(WEEKDAYS, week, strict=True)
    }
