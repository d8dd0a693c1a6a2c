"""From a status that says no to an error that says what happened, the likely cause, and what to do."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from ..errors import (
    AnswerError,
    BadRequestError,
    FieldFault,
    NotFoundError,
    PreconditionError,
    RateLimitedError,
    RefusalError,
    ScopeError,
    ServerFailureError,
    TenantError,
    UnauthorizedError,
)
from .answers import HINT_PROXY, Answer, Call, named, one_line, unusable
from .waiting import LONGEST_ASKED, retry_after_seconds

_WORDS = 300  # characters of a tenant's message that are kept
_FIELDS = 50  # field errors that are kept
_FIELDS_SHOWN = 3  # of these, as many are in the sentence
_KINDS: dict[int, type[RefusalError]] = {
    400: BadRequestError,
    401: UnauthorizedError,
    403: ScopeError,
    404: NotFoundError,
    409: PreconditionError,
    410: NotFoundError,
    412: PreconditionError,
    422: BadRequestError,
    429: RateLimitedError,
}
_BARE = re.compile(r"[A-Za-z][\w .,:'/-]{2,120}")
_HINT_PLACE = "check the base URI and the paths in tenant.yaml"
_HINT_LATER = (
    "the tenant may carry it out later: plan again in some minutes to see; if it never does, check the base URI and the "
    "paths in tenant.yaml"
)
_HINT_RIGHTS = (
    "a token may do what its user may do: have the administrator let the user of the access key see skills and campaigns, "
    "and to apply edit skills"
)
_HINTS: dict[type[RefusalError], str] = {
    BadRequestError: "correct what the tenant names; the same request would be refused again",
    UnauthorizedError: "even a new token is refused: check that the client, or the user of the access key, belongs to the tenant "
    "at this base URI and was not disabled",
    NotFoundError: "check the id in the files, and that the base URI and the paths in tenant.yaml are this tenant's",
    PreconditionError: "somebody else changed it meanwhile: plan again, look at the difference, then apply",
    RateLimitedError: "apply again later, or lower requests.concurrency in tenant.yaml",
    ServerFailureError: "the tenant has a fault of its own: try again later, and if it lasts ask NICE's support",
    RefusalError: _HINT_PLACE,
}


def refused(
    answer: Answer, call: Call, asked: tuple[str, ...], granted: frozenset[str], max_retry_after: float
) -> TenantError:
    """The error for an answer that `call` cannot use because of its status, after scopes were `asked` for and `granted`,
    and with the longest wait in seconds.

    AnswerError for a redirect or a success that is none of the contract's, else the RefusalError of the status. A
    failure that asks for a longer wait than allowed says so in its hint.
    """
    if answer.status < HTTPStatus.MULTIPLE_CHOICES:
        what = f"the tenant answered {named(answer.status)}, which this request does not have"
        return unusable(call, what, _HINT_LATER if call.write else _HINT_PLACE, answer.status)
    if answer.status < HTTPStatus.BAD_REQUEST:
        return _redirected(answer, call)
    kind = _KINDS.get(answer.status, ServerFailureError if answer.status >= 500 else RefusalError)
    words, fields = words_of(answer)
    wait = retry_after_seconds(answer.header("Retry-After"), answer.header("Date"))
    by_proxy = answer.status == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED
    if by_proxy:
        hint = HINT_PROXY
    elif kind is ScopeError and not asked:
        hint = _HINT_RIGHTS
    elif kind is ScopeError:
        hint = scope_hint(asked, granted, [call.scope] if call.scope and call.scope not in granted else [])
    else:
        hint = _long_wait(wait, max_retry_after) or _HINTS[kind]
    return kind(
        f"could not {call.action}: {'a proxy' if by_proxy else 'the tenant'} refused with {named(answer.status)}"
        f"{_details(words, fields)}",
        status=answer.status,
        hint=hint,
        tenant_message=words,
        fields=fields,
        retry_after=wait,
    )


def _redirected(answer: Answer, call: Call) -> AnswerError:
    target = answer.header("Location")
    where = f" to {answer.words(_place(target))!r}" if target else ""
    what = f"the answer is a redirect ({answer.status}){where}, which is never followed, so that the token goes nowhere else"
    return unusable(call, what, "set the base URI to the place where the tenant answers itself", answer.status)


def _place(target: str) -> str:
    """A URL less its user and its query, which may hold anything."""
    try:
        parts = urlsplit(target)
        return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()
    except ValueError:
        return "a place that is no URL"


def _long_wait(wait: float | None, allowed: float) -> str:
    """What to do about a wait in seconds that is longer than allowed; empty where it is not."""
    if wait is None or wait <= allowed:
        return ""
    least = "" if wait < LONGEST_ASKED else "at least "
    return (
        f"the tenant asks for a wait of {least}{wait:.0f} s, which is more than requests.maxRetryAfter "
        f"({allowed:g} s): run again after that time, or raise the limit in tenant.yaml"
    )


def scope_hint(asked: Iterable[str], granted: Iterable[str], missing: Iterable[str]) -> str:
    """What was asked for, what was granted, what is missing, and what to do about it."""
    facts = f"asked for {_listed(asked)}; granted {_listed(sorted(granted))}; missing {_listed(missing)}"
    if facts.endswith("missing none"):
        return f"{facts}: the scopes are there, so have the administrator check what else the client may do"
    return f"{facts}: have the tenant's administrator give the client what is missing"


def _listed(scopes: Iterable[str]) -> str:
    return " ".join(scopes) or "none"


def words_of(answer: Answer) -> tuple[str, tuple[FieldFault, ...]]:
    """The tenant's message and its field errors; empty where the answer is not what the contract of either API says."""
    body = error_body(answer)
    message, entries = body.get("message"), body.get("errors")
    message = message or body.get("error_description") or body.get("errorDescription") or body.get("error")
    message = message or answer.header("icStatusDescription") or _bare_words(answer)
    faults = [
        FieldFault(answer.words(entry["field"], _WORDS), answer.words(_text(entry.get("message")), _WORDS))
        for entry in (entries if isinstance(entries, list) else [])[:_FIELDS]
        if isinstance(entry, dict) and isinstance(entry.get("field"), str)
    ]
    return answer.words(_text(message), _WORDS), tuple(faults)


def _bare_words(answer: Answer) -> str:
    """The body where it is nothing but a few plain words, as the Admin API answers now and then; a page or JSON is not."""
    words = answer.body[:_WORDS].decode("utf-8", "replace").strip().strip('"')
    return words if _BARE.fullmatch(words) else ""


def _details(words: str, fields: tuple[FieldFault, ...]) -> str:
    """The tenant's message and the first of its field errors, to be read after the status."""
    shown_fields = [one_line(f"{fault.field} {fault.message}", 100) for fault in fields[:_FIELDS_SHOWN]]
    if more := len(fields) - len(shown_fields):
        shown_fields.append(f"{more} more")
    return (f": {words}" if words else "") + (f" ({'; '.join(shown_fields)})" if shown_fields else "")


def error_body(answer: Answer) -> dict[str, Any]:
    """The JSON object of an error answer, empty where there is none; a page of a gateway is no fault of its own."""
    try:
        body = json.loads(answer.body.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
