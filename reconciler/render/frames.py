"""Findings with the line of the file that they are about, and a caret under the value, as compilers print them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from textwrap import wrap
from unicodedata import east_asian_width

from ..findings import Finding, all_codes
from ..phrases import first_of
from .escape import visible
from .groups import FindingGroup, grouped, whose
from .screen import SEVERITY_TONES, Screen, Tone
from .words import place

_FRAMES_OF_ONE_KIND = 3
_ILLEGAL = {
    "outside-calling-hours": "would call at an illegal hour",
    "outside-calling-hours-from": "would call at an hour that will be illegal",
}
_PART = re.compile(
    r"(?P<part>.*?) (?:is not|will not be) allowed: (?P<rules>.*) Allowed by all: (?P<hours>.*?)\. (?P<rest>Held .*)",
    re.DOTALL,
)
"""The sentence of an illegal hour, in which a frame shows the part beside the carets and the advice as its help."""
_VALUE = re.compile(r""""(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s,\[\]{}#:]+(?::[^\s,\[\]{}#:]+)*""")


def framed_findings(findings: Sequence[Finding], screen: Screen, tenant: str | None = None) -> Iterator[str]:
    """Findings with frames. Of equal kinds a few are framed, and the others named by their places, unless the screen is
    verbose. What the rows of a tenant's plan say is left out."""
    for group in grouped(findings, all_kinds=tenant is None):
        shown = len(group.findings) if screen.verbose else _FRAMES_OF_ONE_KIND
        for number, finding in enumerate(group.findings[:shown]):
            yield from _frame(finding, tenant, screen, helped=number == 0)
            yield ""
        if group.findings[shown:]:
            yield from _rest(group, shown, screen)
            yield ""


def _rest(group: FindingGroup, shown: int, screen: Screen) -> Iterator[str]:
    rest = group.findings[shown:]
    places = first_of([place(finding.location) for finding in rest if finding.location is not None], 5)
    text = f"{len(rest)} more {group.code}{f': {places}' if places else ''} (--verbose shows all)"
    yield from (screen.paint(line, Tone.QUIET) for line in wrap(visible(text), screen.width))


def _frame(finding: Finding, tenant: str | None, screen: Screen, *, helped: bool) -> Iterator[str]:
    name, text = whose(finding.message)
    tone = SEVERITY_TONES[finding.severity]
    head = f"{finding.severity}[{visible(finding.code)}]"
    title, notes = _title(finding, name, text, len(head), screen)
    yield f"{screen.paint(head, tone)} {screen.paint(visible(title).rstrip(), Tone.TITLE)}".rstrip()
    gutter = len(str(finding.location.line)) if finding.location is not None else 1
    bar, arrow = screen.paint("|", Tone.NOTE), screen.paint("-->", Tone.NOTE)
    known = all_codes().get(finding.code)
    advice = [known.resolve] if helped and known is not None else []
    if finding.location is not None:
        yield f"{' ' * gutter}{arrow} {visible(place(finding.location))}"
        quoted = list(_quoted(finding, gutter, screen))
        illegal = _PART.fullmatch(text) if finding.code in _ILLEGAL and quoted else None
        if illegal is not None:
            quoted[-1] += f" {screen.paint(visible(illegal['part']), tone)}"
            notes = f"{illegal['rules']} {illegal['rest']}"
            advice = [f"{illegal['hours']} is allowed by all of them."]
        yield from quoted
    elif tenant:
        yield f"{' ' * gutter}{arrow} tenant {visible(tenant)}"
    yield from _note(notes, gutter, screen)
    if advice:
        more = [f"More: reconciler explain {finding.code}"] if helped else []
        yield f"{' ' * gutter} {bar}"
        yield from _note(" ".join(["help:", *advice, *more]), gutter, screen)


def _title(finding: Finding, name: str, text: str, used: int, screen: Screen) -> tuple[str, str]:
    """What stands in the first line, and what below."""
    if finding.code in _ILLEGAL and name:
        return f"{name} {_ILLEGAL[finding.code]}", text
    whole = f"{name}: {text}" if name else text
    return (whole, "") if used + 1 + len(whole) <= screen.width else (name, text)


def _note(text: str, gutter: int, screen: Screen) -> Iterator[str]:
    if text:
        first, *others = wrap(visible(text), max(screen.width - gutter - 3, 20), break_on_hyphens=False)
        yield f"{' ' * gutter} {screen.paint('=', Tone.NOTE)} {first}"
        yield from (f"{' ' * gutter}   {line}" for line in others)


def _quoted(finding: Finding, gutter: int, screen: Screen) -> Iterator[str]:
    """The line of the file with carets under the value; nothing where the file no longer has it."""
    location = finding.location
    line = screen.line_of(location) if screen.line_of is not None and location is not None else None
    if line is None or location is None:
        return
    start = min(location.column - 1, len(line))
    value = _VALUE.match(line, start)
    end = max(value.end() if value is not None else start + 1, start + 1)
    room = max(screen.width - gutter - 4, 20)
    cut = max(0, min(start - 8, len(line) - room)) if len(line) > room else 0
    before, marked, after = visible(line[cut:start]), visible(line[start:end]), visible(line[end : cut + room])
    bar = screen.paint("|", Tone.NOTE)
    carets = screen.paint("^" * max(1, min(_columns(marked), room)), SEVERITY_TONES[finding.severity])
    yield f"{' ' * gutter} {bar}"
    yield f"{screen.paint(str(location.line), Tone.NOTE)} {bar} {before}{marked}{after}".rstrip()
    yield f"{' ' * gutter} {bar} {' ' * _columns(before)}{carets}"


def _columns(text: str) -> int:
    """How many columns a terminal gives to a text."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)
