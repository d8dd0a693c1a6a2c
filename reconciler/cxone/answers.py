"""One request and its answer as values, the strict reading of an answer's JSON, and what of it is never shown.

All words of a tenant that reach a person come through `Answer`, which takes secrets out and keeps them short: a proxy or a debug
page may echo a request.
"""

from __future__ import annotations

import html
import json
import re
import reprlib
import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, NamedTuple

from .. import phrases
from ..errors import AnswerError
from ..strict_json import RepeatedKeyError, decode_json

_SHORT = 6  # characters; a shorter secret is hidden only as a word of its own, or it would shred the text around it
_KEPT = 96  # secrets that are remembered: more than a run's tokens
_ESCAPES = re.compile(r"[%&+\\]")  # how every spelling of a character begins that is not the character itself
_REPR = reprlib.Repr()
_REPR.maxstring = _REPR.maxlong = 200
_REPR.maxlist = _REPR.maxdict = 20

EXCERPT = 120  # characters of an unreadable answer that are shown
_LOOKED_AT = 2**16  # characters of one that are looked at
HINT_NO_ANSWER = "a proxy or a gateway may have answered instead of the tenant: check the base URI and the network"
_HINT_NO_JSON = (
    "a proxy, a login page or a gateway may have answered instead of the tenant: check the base URI and the network, then "
    "try again"
)
HINT_PROXY = (
    "the proxy wants a user and a password: write them into HTTPS_PROXY, or have the proxy let this machine pass"
)


class Redactor:
    """Knows the secrets of one tenant; thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._secrets: deque[str] = deque(maxlen=_KEPT)
        self._pattern: re.Pattern[str] | None = None  # made when a text is cleaned: most runs show none

    def hide(self, *secrets: str) -> None:
        """Removes these from now on, however they are spelled."""
        with self._lock:
            self._secrets.extend(secret for secret in secrets if secret and secret not in self._secrets)
            self._pattern = None

    def clean(self, text: str) -> str:
        """`text` with `[hidden]` in the place of every secret.

        The pattern of all spellings takes half a second to make, so it is not made for a text that can hold a secret only
        as it is, and does not.
        """
        with self._lock:
            if not _ESCAPES.search(text) and not any(secret in text for secret in self._secrets):
                return text
            if self._pattern is None:
                longest_first = sorted(self._secrets, key=len, reverse=True)
                self._pattern = re.compile("|".join(map(_spellings, longest_first)) or "(?!)")
            pattern = self._pattern
        return pattern.sub("[hidden]", text)


def _spellings(secret: str) -> str:
    """A pattern for a secret as it is, and as an echo may spell it: each character by itself in a URL, a form, JSON or a
    page."""
    pattern = "".join(f"(?:{'|'.join(_spelled(char))})" for char in secret)
    return pattern if len(secret) >= _SHORT else rf"(?<!\w){pattern}(?!\w)"


def _spelled(char: str) -> list[str]:
    """The spellings of one character, as patterns."""
    percent = "".join(f"(?i:%(?:25)*{byte:02x})" for byte in char.encode("utf-8", "surrogatepass"))
    escaped = (json.dumps(char)[1:-1], json.dumps(char, ensure_ascii=False)[1:-1], html.escape(char))
    plain = {re.escape(spelling) for spelling in (char, *escaped)}
    code = rf"(?i:&#0*{ord(char)};|&#x0*{ord(char):x};|\\u{ord(char):04x})"
    return [*sorted(plain), percent, code, *([r"\+"] if char == " " else ())]


def shown(value: Any, limit: int = 60) -> str:
    """How a JSON value of any size and depth reads in Python, cut to at most `limit` characters."""
    return one_line(_REPR.repr(value), limit)


def one_line(text: str, limit: int) -> str:
    """`text` on one line, cut with an ellipsis to at most `limit` characters."""
    return phrases.shorten(" ".join(text.split()), limit)


class Call(NamedTuple):
    """One request to make. `action` is what it does, for people, such as `read the campaigns`; `scope` is what the
    token needs, None for the token request itself. `accepts` are the statuses of success. A `write` does not start once
    the run is being stopped."""

    method: str
    url: str
    action: str
    scope: str | None = None
    body: bytes | None = None
    headers: Mapping[str, str] = MappingProxyType({})
    accepts: tuple[int, ...] = (200,)
    write: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """One whole answer: its length is as promised, its content decoded, its meaning not yet looked at."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    redactor: Redactor = field(repr=False)

    def header(self, name: str) -> str | None:
        """A header as it was sent, None where there is none or it is empty."""
        return self.headers.get(name, "").strip() or None

    def words(self, text: str, limit: int = EXCERPT) -> str:
        """Words of this answer, without secrets and shortened."""
        return one_line(self.redactor.clean(text), limit)

    def excerpt(self) -> str:
        """How the body begins, quoted, so that no control character is left."""
        text = self.body[:_LOOKED_AT].decode("utf-8", "replace")
        return repr(one_line(self.redactor.clean(text)[: EXCERPT * 4], EXCERPT))


def named(status: int) -> str:
    """A status with its name (RFC 9110, 15): `404 Not Found`."""
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def unusable(call: Call, what: str, hint: str = "", status: int | None = None) -> AnswerError:
    """The error for an answer that cannot be used; `what` is a sentence that says why."""
    return AnswerError(f"could not {call.action}: {what}", hint=hint, status=status)


def parse(answer: Answer, call: Call) -> Any:
    """The answer's JSON (RFC 8259: UTF-8, no NaN, numbers that are finite, no name twice in one object).

    AnswerError for anything else.
    """
    try:
        return decode_json(answer.body.decode("utf-8-sig"))
    except RepeatedKeyError as error:
        field_name = answer.words(repr(error.key), 60)
        what = f"the answer repeats the field {field_name} in one object, so its meaning is not known"
        hint = "look at it in the console; if nothing is wrong there, ask NICE's support"
        raise unusable(call, what, hint, answer.status) from None
    except (ValueError, RecursionError):
        pass
    kind = answer.words(answer.header("Content-Type") or "without a type", 60)
    what = f"and it begins {answer.excerpt()}" if answer.body else "and it is empty"
    raise unusable(call, f"the answer ({answer.status}, {kind}) is not JSON, {what}", _HINT_NO_JSON, answer.status)
