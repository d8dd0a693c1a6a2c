"""One webhook's registration; a lost answer never makes two, because the list is read before anything is repeated."""

from __future__ import annotations

from ..dialect import Dialect
from ..errors import (
    AnswerError,
    RateLimitedError,
    RefusalError,
    ServerFailureError,
    TenantError,
    UnreachableError,
)
from ..model import Status, Webhook, WebhookResult, WriteError


def register(webhook: Webhook, dialect: Dialect) -> WebhookResult:
    """Register one webhook that the plan found missing, with bounded repeats."""
    attempt = 1
    while True:
        try:
            dialect.register(webhook)
        except (RateLimitedError, ServerFailureError, UnreachableError, AnswerError) as error:
            more = dialect.pause(attempt, error)
            end = _look(webhook, dialect, error)
            if end is not None or not more:
                return end or _failed(webhook, error)
            attempt += 1
        except TenantError as error:
            return _failed(webhook, error)
        else:
            return WebhookResult(webhook.name, Status.SUCCESS)


def _look(webhook: Webhook, dialect: Dialect, error: TenantError) -> WebhookResult | None:
    """How the registration ended after an attempt without a usable answer; None when it is certainly not there."""
    if isinstance(error, RateLimitedError):
        return None
    try:
        there = dialect.webhooks()
    except TenantError as unreadable:
        return _failed(webhook, unreadable, unknown=True)
    if there is None:
        return _failed(webhook, error, unknown=True)
    if any(each.name == webhook.name for each in there):
        return WebhookResult(webhook.name, Status.SUCCESS)
    return None


def _failed(webhook: Webhook, error: TenantError, *, unknown: bool = False) -> WebhookResult:
    message = (
        error.tenant_message if isinstance(error, RefusalError) and error.tenant_message else error.message
    )
    hint = error.hint or None
    if unknown:
        message = f"{message}; whether the webhook was registered is not known"
        hint = "look at the webhooks in the console before the next apply, so that no second one is made"
    return WebhookResult(
        webhook.name, Status.FAILED, (WriteError(error.code, message, None, hint, error.retryable),)
    )
