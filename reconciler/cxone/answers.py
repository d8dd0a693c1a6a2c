"""One request and its answer as values, and the strict reading of an answer's JSON.

All words of a tenant that reach a person come through `Answer`, which takes secrets out and keeps them short.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

from ..errors import AnswerError
from .redaction import Redactor, one_line

EXCERPT = 120  # characters of an unreadable answer that are shown
_LOOKED_AT = 2**16  # characters of one that are looked at
_DIGITS = 300  # of a whole number; one that is longer has no place among floating-point numbers


@dataclass(frozen=True, slots=True)
class Call:
    """One request to make. `action` is what it does, for people, such as `read the campaigns`; `scope` is what the
    token needs, None for the token request itself. `accepts` are the statuses of success. A `write` does not start once
    the run is being stopped."""

    method: str
    url: str
    action: str
    scope: str | None = None
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    accepts: tuple[int, ...] = (200,)
    write: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """One whole answer: its length is as promised, its content decoded, its meaning not yet looked at. `sends` is how
    often the request was sent for it."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    redactor: Redactor = field(repr=False)
    sends: int = 1

    def header(self, name: str) -> str | None:
        """A header as it was sent, None where there is none or it is empty."""
        return self.headers.get(name, "").strip() or None

    def told(self, text: str, limit: int = EXCERPT) -> str:
        """Words of this answer, without secrets and shortened."""
        return one_line(self.redactor.clean(text), limit)

    def excerpt(self) -> str:
        """How the body begins, quoted, so that no control character is left."""
        text = self.body[:_LOOKED_AT].decode("utf-8", "replace")
        return repr(one_line(self.redactor.clean(text)[: EXCERPT * 4], EXCERPT))


def parse(answer: Answer, call: Call) -> Any:
    """The answer's JSON (RFC 8259: UTF-8, no NaN, numbers that are finite, no name twice in one object).

    AnswerError for anything else.
    """
    try:
        return _STRICT.decode(answer.body.decode("utf-8-sig"))
    except _RepeatedError as error:
        raise AnswerError(
            f"could not {call.action}: the answer repeats the field {answer.told(repr(error.args[0]), 60)} in one object, "
            "so its meaning is not known",
            hint="look at it in the console; if nothing is wrong there, ask NICE's support",
            status=answer.status,
        ) from None
    except (ValueError, RecursionError):
        pass
    kind = answer.told(answer.header("Content-Type") or "without a type", 60)
    what = f"and it begins {answer.excerpt()}" if answer.body else "and it is empty"
    raise AnswerError(
        f"could not {call.action}: the answer ({answer.status}, {kind}) is not JSON, {what}",
        hint="a proxy, a login page or a gateway may have answered instead of the tenant: check the base URI and the "
        "network, then try again",
        status=answer.status,
    )


class _RepeatedError(Exception):
    """An object has a field twice: JSON would take the last one, another reader the first."""


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def _fields(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        names = [name for name, _ in pairs]
        raise _RepeatedError(next(name for name in names if names.count(name) > 1))
    return fields


def _whole(text: str) -> int:
    if len(text) > _DIGITS:
        raise ValueError
    return int(text)


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(text)
    return value


_STRICT = json.JSONDecoder(
    object_pairs_hook=_fields, parse_constant=_refuse, parse_float=_finite, parse_int=_whole
)
