"""Faults to inject, as data: which request is hit, and what happens to it.

    Fault("503", method="PUT", nth=2)              the second PUT is answered 503, nothing is written
    Fault("reset-after", method="PUT", times=3)    the first three PUTs are written, their answers lost
    Fault("edit-before", path="/schedules/S1$", edit=lambda store: store.put("CAM_001", {...}))

Kinds: a status from 400 to 599 (`429` with `retry_after`); on the wire `reset-before`, `reset-after`, `truncated`,
`stall`; answers that are none `html`, `malformed-json`, `redirect`; tokens `401-once`, `expire-token`; lies about a
write `drop`, `clamp`, `echo-old`; `link` (another page link); its own answer spoiled in one way `byte-order-mark`,
`not-utf-8`, `nan`, `repeated-field`, `deep`, `broken-gzip`, `no-content`, `weak-etag`, `new-etag`, `odd-link` (a link to a
further page in a syntax that is none); and the console's `edit-before`, `edit-after`.

On the command line a fault is one word, `METHOD[ PATH]:KIND[:NTH[xTIMES]][:NAME=VALUE[;NAME=VALUE]...]`:

    PUT:reset-after:3                     the third PUT is written and its answer lost
    *:429:1x5:retry-after=2               the first five requests of any method
    GET /schedules:503:2x*                from the second read of schedules on
    PUT:html::status=200;commit=yes       the first PUT is written, and answered with a page
"""

from __future__ import annotations

import difflib
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

EDITS = ("edit-before", "edit-after")
LIES = ("drop", "clamp", "echo-old")
WITHOUT_ACT = ("reset-before", "html", "malformed-json", "redirect", "401-once")
SPOILED = (
    *("byte-order-mark", "not-utf-8", "nan", "repeated-field", "deep", "broken-gzip", "no-content"),
    *("weak-etag", "new-etag", "odd-link"),
)
WITH_ACT = ("reset-after", "truncated", "stall", "expire-token", "link", *SPOILED, *LIES)
KINDS = ("429", "500", "502", "503", "504", *WITHOUT_ACT, *WITH_ACT, *EDITS)
"""The kinds by name; any other status from 400 to 599 is one too."""

_FORM = "METHOD[ PATH]:KIND[:NTH[xTIMES]][:NAME=VALUE;...], such as PUT:reset-after:3"
_METHODS = ("*", "GET", "POST", "PUT")
_SPEC = re.compile(
    r"(?P<method>[^\s:]+)(?: (?P<path>.+?))?:(?P<kind>[0-9a-z]+(?:-[a-z]+)*)"
    r"(?::(?P<nth>[0-9]*)(?:x(?P<times>[0-9]+|\*))?)?(?::(?P<rest>[a-z-]+=.*))?"
)


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault. It hits the `nth` (from 1) to `nth + times - 1`-th matching request; `times` None: and all after.

    A request matches by `method` (None: any) and by `path`, a regular expression searched in the raw path and in
    the path with its query. `commit`: whether the tenant acts on the request all the same (None: as the kind says;
    a status, `html`, `malformed-json`, `redirect` do not, `truncated` and `stall` do). `status`: of `html`,
    `malformed-json` and `redirect`. `retry_after`: the header of a status, seconds or an HTTP-date. `location`: the
    URL of `redirect` and `link`. `release`: a stall ends when it is set, when the client has gone, or when the
    sandbox stops. `edit`: what happens in the console. Raises ValueError for what makes no sense.
    """

    kind: str
    method: str | None = None
    path: str | None = None
    nth: int = 1
    times: int | None = 1
    commit: bool | None = None
    status: int | None = None
    retry_after: str | None = None
    location: str | None = None
    edit: Callable[[Any], None] | None = None
    release: threading.Event | None = None

    def __post_init__(self) -> None:
        checks = (
            (self.kind in KINDS or self.answered is not None, f"unknown kind of fault {self.kind!r}"),
            (self.nth >= 1, f"requests count from 1, not from {self.nth}"),
            (self.times is None or self.times >= 1, f"a fault happens at least once, not {self.times} times"),
            ((self.kind in EDITS) == (self.edit is not None), "edit-before and edit-after need what to edit"),
            ((self.kind in ("redirect", "link")) == bool(self.location), "redirect and link need a location"),
            (self.status is None or 200 <= self.status <= 599, f"{self.status} is no status of an answer"),
        )
        for holds, message in checks:
            if not holds:
                raise ValueError(message)
        if self.path is not None:
            try:
                re.compile(self.path)
            except re.error as error:
                raise ValueError(f"the path {self.path!r} is no regular expression: {error}") from error

    @property
    def answered(self) -> int | None:
        """The status of a fault that is nothing but a status."""
        if self.kind == "401-once":
            return 401
        return int(self.kind) if re.fullmatch(r"[45][0-9][0-9]", self.kind) else None

    @property
    def acts(self) -> bool:
        """Whether the tenant acts on the request."""
        return self.commit if self.commit is not None else self.kind in WITH_ACT

    def matches(self, method: str, path: str, query: str) -> bool:
        """Whether a request counts for this fault."""
        if self.method not in (None, method):
            return False
        targets = (path, f"{path}?{query}")
        return self.path is None or any(re.search(self.path, target) for target in targets)


class Faults:
    """The faults of one sandbox with their counts; thread-safe. More can be added while it runs."""

    def __init__(self, *faults: Fault) -> None:
        self._lock = threading.Lock()
        self._counted: list[tuple[Fault, int]] = [(fault, 0) for fault in faults]

    def add(self, *faults: Fault) -> None:
        """Adds faults; each counts the requests from now on."""
        with self._lock:
            self._counted += [(fault, 0) for fault in faults]

    def clear(self) -> None:
        """No faults from now on."""
        with self._lock:
            self._counted = []

    def hits(self, method: str, path: str, query: str = "") -> tuple[Fault, ...]:
        """Counts one request and returns the faults that it meets: all edits, and the first fault of another kind."""
        met = []
        with self._lock:
            for index, (fault, before) in enumerate(self._counted):
                if fault.matches(method, path, query):
                    self._counted[index] = (fault, before + 1)
                    if fault.nth <= before + 1 and (fault.times is None or before + 1 < fault.nth + fault.times):
                        met.append(fault)
        others = [fault for fault in met if fault.kind not in EDITS]
        return tuple(fault for fault in met if fault.kind in EDITS or fault is others[0])


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
            **dict(map(_setting, filter(None, (match["rest"] or "").split(";")))),
        )
    except ValueError as error:
        raise ValueError(f"{text!r}: {error}{_suggestion(kind)}") from error


def _setting(part: str) -> tuple[str, Any]:
    name, _, value = part.partition("=")
    match name:
        case "commit" if value in ("yes", "no"):
            return name, value == "yes"
        case "commit":
            raise ValueError(f"commit is yes or no, not {value!r}")
        case "status" if value.isdecimal():
            return name, int(value)
        case "status":
            raise ValueError(f"status {value!r} is not a number")
        case "location" | "retry-after":
            return name.replace("-", "_"), value
    raise ValueError(f"unknown setting {name!r}, one of commit, location, retry-after, status")


def _suggestion(kind: str) -> str:
    if kind in KINDS or kind.isdecimal():
        return ""
    usable = [name for name in KINDS if name not in EDITS]
    near = difflib.get_close_matches(kind, usable, n=1)
    return f"; did you mean {near[0]}?" if near else f"; one of {', '.join(usable)}"
