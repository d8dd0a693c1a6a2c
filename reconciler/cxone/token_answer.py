"""The answer of a token endpoint (RFC 6749, 5.1), read strictly: a token of which nothing is sure is not used."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from ..errors import AnswerError
from .answers import Answer, Call, parse

_LONGEST = 366 * 86400.0  # seconds; no token is believed to live longer, so that no arithmetic overflows
_TOKEN = re.compile(r"[\x21-\x7e]+", re.ASCII)  # what a header can carry (RFC 6749, A.12, less the space)
_HINT = "check the base URI and paths.token in tenant.yaml"


@dataclass(frozen=True, slots=True)
class TokenAnswer:
    """A token, its lifetime in seconds, and its scopes, None where the answer does not name them."""

    value: str = field(repr=False)
    lifetime: float
    scopes: tuple[str, ...] | None


def read_token(answer: Answer, call: Call) -> TokenAnswer | AnswerError:
    """What a 200 of the token endpoint says, or what is wrong with it. It is never quoted: half a token is a secret."""
    try:
        body = parse(answer, call)
    except AnswerError:
        body = None
    if not isinstance(body, dict):
        return _nonsense(answer, call, "is not a JSON object")
    value, kind, scope = (body.get(name) for name in ("access_token", "token_type", "scope"))
    lifetime = _lifetime(body.get("expires_in"))
    if not isinstance(value, str) or not _TOKEN.fullmatch(value):
        return _nonsense(answer, call, "has no access_token that a header can carry")
    if not isinstance(kind, str) or kind.lower() != "bearer":
        return _nonsense(answer, call, "has a token_type other than Bearer")
    if lifetime is None:
        return _nonsense(answer, call, "has no expires_in above 0 seconds")
    if scope is not None and not isinstance(scope, str):
        return _nonsense(answer, call, "has a scope that is not a string")
    return TokenAnswer(value, lifetime, None if scope is None else tuple(scope.split()))


def _lifetime(value: Any) -> float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(min(value, _LONGEST)) if is_number and value > 0 else None


def _nonsense(answer: Answer, call: Call, what: str) -> AnswerError:
    message = f"could not {call.action}: the answer of the token endpoint {what}"
    return AnswerError(message, hint=_HINT, status=answer.status)
