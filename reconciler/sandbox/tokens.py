"""The OAuth 2.0 side: client credentials in, bearer tokens out, and the check of a token against a scope.

Rules: RFC 6749 §2.3.1 (client authentication), §4.4 (client credentials grant), §5 (answers), and RFC 6750 §3
(`WWW-Authenticate`).
"""

from __future__ import annotations

import hmac
import secrets
import threading
from collections.abc import Callable
from urllib.parse import unquote_plus

from werkzeug import Request, Response

from .bodies import Refused, answer, refusal
from .options import SCOPES, SandboxOptions

_NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}


class IssuedTokens:
    """Issues and checks tokens for one client; thread-safe. `clock` gives seconds and never goes back."""

    def __init__(self, client_id: str, client_secret: str, options: SandboxOptions, clock: Callable[[], float]) -> None:
        self._client = (client_id, client_secret)
        self._options = options
        self._clock = clock
        self._lock = threading.Lock()
        self._live: dict[str, tuple[frozenset[str], float]] = {}

    def issue(self, request: Request) -> Response:
        """The answer to a token request. Raises Refused with the error of RFC 6749 §5.2."""
        self._authenticate(request)
        if request.mimetype != "application/x-www-form-urlencoded":
            raise _oauth_error("invalid_request", "the body must be application/x-www-form-urlencoded")
        if _single(request, "grant_type") != "client_credentials":
            raise _oauth_error("unsupported_grant_type", "grant_type must be client_credentials")
        granted = self._grant(_single(request, "scope").split())
        token = secrets.token_urlsafe(24)
        with self._lock:
            self._live[token] = (frozenset(granted), self._clock() + self._options.token_lifetime)
        body = {"access_token": token, "token_type": "Bearer", "expires_in": self._options.token_lifetime}
        if self._options.names_scopes:
            body["scope"] = " ".join(granted)
        return answer(body, headers=_NO_STORE)

    def check(self, header: str | None, scope: str) -> str:
        """The scopes that the bearer token carries, joined by spaces. Raises Refused: 401 or 403."""
        kind, _, token = (header or "").partition(" ")
        if kind.lower() != "bearer" or not token:
            raise Refused(refusal(401, "a bearer token is needed", headers={"WWW-Authenticate": "Bearer"}))
        with self._lock:
            scopes, expires = self._live.get(token.strip(), (frozenset[str](), 0.0))
        if not scopes or self._clock() >= expires:
            challenge = {"WWW-Authenticate": 'Bearer error="invalid_token"'}
            raise Refused(refusal(401, "the token is unknown, revoked or expired", headers=challenge))
        if scope not in scopes:
            challenge = {"WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{scope}"'}
            raise Refused(refusal(403, f"the token lacks the scope {scope}", headers=challenge))
        return " ".join(sorted(scopes))

    def revoke(self) -> None:
        """Makes every token issued so far unknown."""
        with self._lock:
            self._live.clear()

    def _grant(self, asked: list[str]) -> list[str]:
        willing = self._options.granted
        unknown = [scope for scope in asked if scope not in SCOPES]
        refused = [scope for scope in asked if scope not in willing]
        if not asked or unknown or len(refused) == len(asked) or (refused and self._options.strict_scopes):
            named = ", ".join(_printable(scope) for scope in unknown or refused) or "none asked for"
            raise _oauth_error("invalid_scope", f"scopes that this client may not have: {named}")
        return sorted(set(asked) - set(refused))

    def _authenticate(self, request: Request) -> None:
        given = request.authorization
        if given is not None and given.type == "basic":
            pair = (given.username or "", given.password or "")
            # RFC 6749 §2.3.1 asks for form encoding inside Basic; many clients send the pair as it is.
            if self._is_client(pair) or self._is_client((unquote_plus(pair[0]), unquote_plus(pair[1]))):
                return
        challenge = {"WWW-Authenticate": 'Basic realm="sandbox"'}
        raise _oauth_error("invalid_client", "client id or secret is wrong or missing", 401, challenge)

    def _is_client(self, pair: tuple[str, str]) -> bool:
        asking, known = (":".join(one).encode(errors="replace") for one in (pair, self._client))
        return hmac.compare_digest(asking, known)


def _single(request: Request, name: str) -> str:
    values = request.form.getlist(name)
    if len(values) != 1:
        problem = "is missing" if not values else "is given more than once"
        raise _oauth_error("invalid_request", f"{name} {problem}")
    return values[0]


def _printable(text: str) -> str:
    """RFC 6749 §5.2 allows only printable ASCII without quote and backslash in a description."""
    return "".join(char if " " <= char <= "~" and char not in '"\\' else "?" for char in text[:80])


def _oauth_error(code: str, description: str, status: int = 400, headers: dict[str, str] | None = None) -> Refused:
    body = {"error": code, "error_description": description}
    return Refused(answer(body, status, _NO_STORE | (headers or {})))
