"""Who asks for tokens, and what a token endpoint's refusal means (RFC 6749, 5.2)."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

from ..errors import RefusalError, ScopeError, TenantError, UnauthorizedError
from .answers import Answer, Call
from .credentials import Credentials
from .refusals import Context, error_body, refused, scope_hint
from .scopes import Scopes


@dataclass(frozen=True, slots=True)
class OAuthClient:
    """Who asks for tokens, where, and for what; `tenant` and `variables` are for messages."""

    credentials: Credentials
    scopes: Scopes
    url: str
    tenant: str
    variables: str
    max_retry_after: float


def refuses_scopes(answer: Answer) -> bool:
    """Whether the endpoint refuses because of the scopes that were asked for."""
    return error_body(answer).get("error") == "invalid_scope"


def token_refused(answer: Answer, call: Call, client: OAuthClient, asked: tuple[str, ...]) -> TenantError:
    """The error for a refused token request: the scopes, the client, or anything else."""
    body = error_body(answer)
    parts = [body.get(name) for name in ("error", "error_description")]
    told = ": ".join(answer.told(part) for part in parts if isinstance(part, str) and part)
    if refuses_scopes(answer):
        return ScopeError(
            f"could not {call.action}: the tenant refuses the scopes ({told})",
            status=answer.status,
            hint=scope_hint(asked, (), asked),
            tenant_message=told,
        )
    if answer.status == HTTPStatus.UNAUTHORIZED or parts[0] in ("invalid_client", "unauthorized_client"):
        return UnauthorizedError(
            f"could not {call.action}: the tenant refuses the client id or secret{f' ({told})' if told else ''}",
            status=answer.status,
            hint="; ".join(
                (
                    f"check {client.variables} in the environment, and that they belong to the tenant at this base URI",
                    *client.credentials.doubts,
                )
            ),
            tenant_message=told,
        )
    error = refused(answer, call, Context(asked, frozenset(), client.max_retry_after))
    if isinstance(error, RefusalError):
        error.tenant_message = told or error.tenant_message
    if answer.status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
        # Not NotFoundError: that would say that a campaign or schedule is not there.
        hint = "the token endpoint is not at this base URI: check it, and paths.token in tenant.yaml"
        return RefusalError(error.message, status=answer.status, hint=hint, tenant_message=told)
    return error
