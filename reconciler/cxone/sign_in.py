"""Signing in at the Admin API: a token for the user of an access key, got by one of two ways, and where the API then is.

NICE's way for back ends is the password grant (RFC 6749, 4.3) with an application's client, at the endpoint that the issuer's
own configuration names (OpenID Connect Discovery 1.0). The access key alone works too, at the host of the tenant's area. There
are no scopes: a token may do what its user may do. Every host that is found is held against the allowed ones before a secret
or a token goes there.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from ..errors import AnswerError, RefusalError, TenantError, UnauthorizedError
from ..settings import AdminSettings, TenantSettings
from .answers import Answer, Call, parse, unusable
from .auth import Credentials, Token, Tokens, in_base64, read_token
from .endpoints import endpoint_paths
from .refusals import refused
from .transport import Transport
from .waiting import Retry

OpenTransport = Callable[[str, str], Transport]
"""The way to a URL, for what it is (a word for messages). TenantError where nothing may be sent there."""

_SIGN_IN_PATHS = {
    "token": "/auth/token",
    "openIdConfiguration": "/.well-known/openid-configuration",
    "cxoneConfiguration": "/.well-known/cxone-configuration",
}
_BY_KEY = {"token": "/authentication/v1/token/access-key"}
_REFUSES = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})
_HINT_ISSUER = "check admin.issuer in tenant.yaml, and the paths there"


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is, and the way there."""

    url: str
    transport: Transport


class UserTokens(Tokens):
    """The tokens of one user; thread-safe. `issuer` is the way to the host of the sign-in, `open_transport` to any
    other, and `note` hears of long waits."""

    def __init__(
        self,
        settings: TenantSettings,
        admin: AdminSettings,
        credentials: Credentials,
        issuer: Transport,
        open_transport: OpenTransport,
        note: Callable[[str], None],
    ) -> None:
        by_key = admin.sign_in == "accessKey"
        own = {name: path for name, path in settings.paths.items() if name in _SIGN_IN_PATHS}
        paths = endpoint_paths(own, {**_SIGN_IN_PATHS, **(_BY_KEY if by_key else {})})
        self._urls = {name: issuer.base_uri + path for name, path in paths.items()}
        self.issuer = issuer
        self.retry = Retry(issuer.limits, issuer.stop, clock=issuer.clock, note=note)
        super().__init__(settings, credentials, (), self._urls["token"], issuer, self.retry)
        secret = credentials.access_key_secret
        issuer.redactor.hide(secret, *in_base64(secret.encode()))
        self._admin = admin
        self._credentials = credentials
        self._open_transport = open_transport
        self._endpoint = Place(self._url, issuer) if by_key or "token" in own else None
        self._tenant_id: str | None = None

    def api(self) -> Transport:
        """The way to the API of the tenant: at the base URI of its settings, else where discovery says. TenantErrors."""
        if self._settings.base_uri:
            return self._open_transport(self._settings.base_uri, "baseUri")
        self.current()
        call = Call("GET", self._urls["cxoneConfiguration"], "find the API of the tenant")
        if self._tenant_id is None:
            what = "the sign-in does not say which tenant this is (no tenantId in an id_token)"
            raise unusable(call, what, "write the API's address into tenant.yaml as baseUri")
        call = call._replace(url=f"{call.url}?tenantId={quote(self._tenant_id, safe='')}")
        found = self.retry.run(lambda: self._found(call, "api_endpoint"))
        return self._open_transport(found, "admin.issuer, whose discovery names this as the API,")

    def _attempt(self) -> Token | TenantError:
        if self._endpoint is None:
            found = self._find_endpoint()
            if isinstance(found, TenantError):
                return found
            self._endpoint = found
        call = self._request(self._endpoint.url)
        transport = self._endpoint.transport
        started = transport.clock.now()
        answer = transport.send(call, self._authorization if self._admin.sign_in == "password" else "")
        if isinstance(answer, TenantError):
            return answer
        if answer.status != HTTPStatus.OK:
            return self._refused(answer, call)
        token = read_token(answer, call, (), started, numbers_as_text=True)
        if isinstance(token, Token):
            fields = parse(answer, call)
            others = (fields.get(name) for name in ("refresh_token", "id_token"))
            transport.redactor.hide(token.value, *(value for value in others if isinstance(value, str)))
            self._tenant_id = tenant_of(fields.get("id_token")) or tenant_of(token.value)
        return token

    def _find_endpoint(self) -> Place | TenantError:
        call = Call("GET", self._urls["openIdConfiguration"], f"find where tenant {self._settings.name} signs in")
        found = self._found(call, "token_endpoint")
        if isinstance(found, RefusalError) and found.status == HTTPStatus.NOT_FOUND:
            return Place(self._url, self._transport)  # the same host, where NICE's issuer has it
        if isinstance(found, TenantError):
            return found
        try:
            return Place(found, self._open_transport(found, "admin.issuer, whose discovery names this as the sign-in,"))
        except TenantError as error:
            return error

    def _found(self, call: Call, field: str) -> str | TenantError:
        """The URL in one field of a configuration."""
        answer = self._transport.send(call, "")
        if isinstance(answer, TenantError):
            return answer
        if answer.status != HTTPStatus.OK:
            return self._not_there(refused(answer, call, (), frozenset(), self._transport.limits.max_retry_after))
        try:
            body = parse(answer, call)
        except AnswerError as error:
            return error
        url = body.get(field) if isinstance(body, dict) else None
        if not isinstance(url, str) or not urlsplit(url).netloc:
            return unusable(call, f"the answer has no {field} that is a URL", _HINT_ISSUER, answer.status)
        return url.rstrip("/")

    def _request(self, url: str) -> Call:
        key, secret = self._credentials.access_key_id, self._credentials.access_key_secret
        action = f"sign in to tenant {self._settings.name}"
        if self._admin.sign_in == "password":
            form = urlencode({"grant_type": "password", "username": key, "password": secret})
            headers = {"Content-Type": "application/x-www-form-urlencoded"}
            return Call("POST", url, action, body=form.encode("ascii"), headers=headers)
        body = json.dumps({"accessKeyId": key, "accessKeySecret": secret}).encode("ascii")
        return Call("POST", url, action, body=body, headers={"Content-Type": "application/json"})

    def _refused(self, answer: Answer, call: Call) -> TenantError:
        error = refused(answer, call, (), frozenset(), self._transport.limits.max_retry_after)
        if answer.status not in _REFUSES or not isinstance(error, RefusalError):
            return self._not_there(error)
        names = [self._admin.key_id_env, self._admin.key_secret_env]
        if self._admin.sign_in == "password":
            names = [self._settings.client_id_env, self._settings.client_secret_env, *names]
        who = "the client or the access key" if self._admin.sign_in == "password" else "the access key"
        advice = f"check {', '.join(names[:-1])} and {names[-1]} in the environment, and admin.issuer in tenant.yaml"
        return UnauthorizedError(
            f"could not {call.action}: {who} is refused{f' ({error.tenant_message})' if error.tenant_message else ''}",
            status=answer.status,
            hint="; ".join((advice, *self._doubts)),
            tenant_message=error.tenant_message,
        )

    def _not_there(self, error: TenantError) -> TenantError:
        """The same, where a 404 would say that a campaign or skill is not there."""
        if not isinstance(error, RefusalError) or error.status not in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
            return error
        return RefusalError(error.message, status=error.status, hint=_HINT_ISSUER, tenant_message=error.tenant_message)


def tenant_of(id_token: Any) -> str | None:
    """The claim `tenantId` of a JSON Web Token (RFC 7519), None where there is none. The signature is not checked: the token
    came over TLS from the issuer itself, and says only where to ask."""
    try:
        payload = str(id_token).split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (IndexError, ValueError, RecursionError):
        return None
    tenant_id = claims.get("tenantId") if isinstance(claims, dict) else None
    return tenant_id if isinstance(tenant_id, str) and tenant_id else None
