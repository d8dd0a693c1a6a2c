"""A fault in one word, for the command line: `METHOD[ PATH]:KIND[:NTH[xTIMES]][:NAME=VALUE[;NAME=VALUE]...]`.

PUT:reset-after:3                     the third PUT is written and its answer lost
*:429:1x5:retry-after=2               the first five requests of any method
GET /schedules:503:2x*                from the second read of schedules on
PUT:html::status=200;commit=yes       the first PUT is written, and answered with a page
"""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING, Any

from .faults import EDITS, KINDS, Fault

if TYPE_CHECKING:
    from collections.abc import Callable

_FORM = "METHOD[ PATH]:KIND[:NTH[xTIMES]][:NAME=VALUE;...], such as PUT:reset-after:3"
_METHODS = ("*", "GET", "POST", "PUT")
_SPEC = re.compile(
    r"(?P<method>[^\s:]+)(?: (?P<path>.+?))?:(?P<kind>[0-9a-z]+(?:-[a-z]+)*)"
    r"(?::(?P<nth>[0-9]*)(?:x(?P<times>[0-9]+|\*))?)?(?::(?P<rest>[a-z-]+=.*))?"
)


def parse_fault(text: str) -> Fault:
    """The fault that `text` describes. Raises ValueError with a sentence that quotes it."""
    match = _SPEC.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text!r} is not a fault; write {_FORM}")
    method, kind, times = match["method"].upper(), match["kind"], match["times"]
    if method not in _METHODS:
        raise ValueError(f"{text!r}: the method {match['method']!r} is not one of {', '.join(_METHODS)}")
    if kind in EDITS:
        raise ValueError(f"{text!r}: {kind} needs code and can only be used from Python")
    try:
        return Fault(
            kind,
            method=None if method == "*" else method,
            path=match["path"],
            nth=int(match["nth"] or 1),
            times=None if times == "*" else int(times or 1),
            **_settings(match["rest"] or ""),
        )
    except ValueError as error:
        raise ValueError(f"{text!r}: {error}{_suggestion(kind)}") from error


def _settings(rest: str) -> dict[str, Any]:
    settings: dict[str, Any] = {}
    for part in filter(None, rest.split(";")):
        name, _, value = part.partition("=")
        if name not in _SETTINGS:
            raise ValueError(f"unknown setting {name!r}, one of {', '.join(sorted(_SETTINGS))}")
        settings[name.replace("-", "_")] = _SETTINGS[name](value)
    return settings


def _status(value: str) -> int:
    if not value.isdecimal():
        raise ValueError(f"status {value!r} is not a number")
    return int(value)


def _yes_or_no(value: str) -> bool:
    if value not in ("yes", "no"):
        raise ValueError(f"commit is yes or no, not {value!r}")
    return value == "yes"


_SETTINGS: dict[str, Callable[[str], Any]] = {
    "commit": _yes_or_no,
    "location": str,
    "retry-after": str,
    "status": _status,
}


def _suggestion(kind: str) -> str:
    if kind in KINDS or kind.isdecimal():
        return ""
    usable = [name for name in KINDS if name not in EDITS]
    near = difflib.get_close_matches(kind, usable, n=1)
    return f"; did you mean {near[0]}?" if near else f"; one of {', '.join(usable)}"
