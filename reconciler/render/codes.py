"""The codes of findings for people and programs: what each means, why it matters, how to resolve it."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import fill

from ..findings import all_codes
from .escape import json_text

_WIDTH = 100


def code_text(code: str) -> str:
    """One code of `findings.yaml` with all that is known of it, for the terminal; ends with a newline."""
    entry = all_codes()[code]
    change = "; tenant.yaml may set it under compliance.severities" if entry.adjustable else ""
    return "\n".join(
        [
            f"{code} ({entry.severity}{change})",
            *_paragraph("What it means", entry.meaning),
            *_paragraph("Why it matters", entry.why),
            *_paragraph("How to resolve it", entry.resolve),
            "",
        ]
    )


def code_json(code: str) -> str:
    """The same as one JSON object."""
    return json_text(_document(code))


def codes_text() -> str:
    """All codes, a line each: code, severity, meaning."""
    width = max(map(len, all_codes()))
    return "".join(f"{code:<{width}}  {entry.severity:<7}  {entry.meaning}\n" for code, entry in all_codes().items())


def codes_json() -> str:
    """All codes as `{"codes": [...]}`."""
    return json_text({"codes": [_document(code) for code in all_codes()]})


def _paragraph(title: str, text: str) -> Iterator[str]:
    yield ""
    yield title
    yield fill(text, _WIDTH, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False)


def _document(code: str) -> dict[str, str | bool]:
    entry = all_codes()[code]
    return {
        "code": code,
        "severity": entry.severity.value,
        "adjustable": entry.adjustable,
        "raisedBy": entry.room,
        "meaning": entry.meaning,
        "why": entry.why,
        "resolve": entry.resolve,
    }
