"""The two sign-ins of the Admin API, by password grant and by access key, and the tokens that come of them."""

from __future__ import annotations

import base64
import hmac
import json
import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from werkzeug import Request

from .bodies import Json, encode
from .options import SandboxOptions

TENANT_ID = "11edf1ab-sandbox"


@dataclass(frozen=True, slots=True)
class AdminKeys:
    """Who may sign in: an application (client) and the access key of a user."""

    client_id: str
    client_secret: str
    access_key_id: str
    access_key_secret: str


def made_keys(client_id: str = "sandbox", client_secret: str | None = None) -> AdminKeys:
    """New keys. Those of CXone hold characters that a form must encode, so these do, but none that a shell takes for its own."""
    secret = f"{secrets.token_urlsafe(24)}+/%="
    return AdminKeys(client_id, client_secret or secrets.token_urlsafe(24), f"{secrets.token_urlsafe(12)}==", secret)


class AdminTokens:
    """Issues and checks tokens; thread-safe. `clock` gives seconds and never goes back."""

    def __init__(self, keys: AdminKeys, options: SandboxOptions, clock: Callable[[], float]) -> None:
        self._keys = keys
        self._options = options
        self._clock = clock
        self._lock = threading.Lock()
        self._live: dict[str, float] = {}

    def by_password(self, request: Request) -> Json:
        """The answer to the password grant (RFC 6749, 4.3)."""
        given, keys = request.authorization, self._keys
        pair = (given.username or "", given.password or "") if given and given.type == "basic" else ("", "")
        if not _same(pair, (keys.client_id, keys.client_secret)):
            raise AdminRefusal(401, "invalid_client", {"WWW-Authenticate": 'Basic realm="sandbox"'})
        if request.mimetype != "application/x-www-form-urlencoded":
            raise AdminRefusal(400, "invalid_request")
        form = {name: request.form.getlist(name) for name in ("grant_type", "username", "password")}
        if any(len(values) != 1 for values in form.values()):
            raise AdminRefusal(400, "invalid_request")
        if form["grant_type"] != ["password"]:
            raise AdminRefusal(400, "unsupported_grant_type")
        return self._issue((form["username"][0], form["password"][0]), "invalid_grant", 400)

    def by_access_key(self, request: Request) -> Json:
        """The answer to an access key as JSON."""
        body = read_object(request)
        pair = body.get("accessKeyId"), body.get("accessKeySecret")
        if not all(isinstance(value, str) and value for value in pair):
            raise AdminRefusal(400, "accessKeyId and accessKeySecret are needed")
        return self._issue((str(pair[0]), str(pair[1])), "Authentication failed", 401)

    def check(self, header: str | None) -> None:
        """Raises AdminRefusal (401) unless the header holds a token that lives."""
        kind, _, token = (header or "").partition(" ")
        with self._lock:
            expires = self._live.get(token.strip(), 0.0)
        if kind.lower() != "bearer" or self._clock() >= expires:
            raise AdminRefusal(401, "Invalid token", {"WWW-Authenticate": 'Bearer error="invalid_token"'})

    def revoke(self) -> None:
        """Makes every token issued so far unknown."""
        with self._lock:
            self._live.clear()

    def _issue(self, pair: tuple[str, str], words: str, status: int) -> Json:
        if not _same(pair, (self._keys.access_key_id, self._keys.access_key_secret)):
            raise AdminRefusal(status, words)
        token = secrets.token_urlsafe(24)
        with self._lock:
            self._live[token] = self._clock() + self._options.token_lifetime
        claims = base64.urlsafe_b64encode(encode({"tenantId": TENANT_ID}).encode()).decode().rstrip("=")
        return {
            "access_token": token,
            "token_type": "Bearer",
            "refresh_token": secrets.token_urlsafe(24),
            "expires_in": self._options.token_lifetime,
            "id_token": f"eyJhbGciOiJub25lIn0.{claims}.",
        }


class AdminRefusal(Exception):  # noqa: N818  # a way out of a handler with an answer, not an error of this program
    """Ends the handling of a request with a status and the tenant's words."""

    def __init__(self, status: int, words: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(words)
        self.status = status
        self.words = words
        self.headers = dict(headers or {})


def read_object(request: Request) -> Json:
    """The body as a JSON object. Raises AdminRefusal (400)."""
    if request.mimetype != "application/json":
        raise AdminRefusal(400, "Content-Type must be application/json")
    try:
        body = json.loads(request.get_data(cache=False))
    except (ValueError, RecursionError):
        raise AdminRefusal(400, "the body is not JSON") from None
    if not isinstance(body, dict):
        raise AdminRefusal(400, "the body is no object")
    return body


def _same(asking: tuple[str, str], known: tuple[str, str]) -> bool:
    pairs = ("\0".join(pair).encode(errors="replace") for pair in (asking, known))
    return hmac.compare_digest(*pairs)
