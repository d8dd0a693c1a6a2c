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
    attempt = 0
    while True:
        attempt += 1
        try:
            dialect.register(webhook)
        except (RateLimitedError, ServerFailureError, UnreachableError, AnswerError) as error:
            last: TenantError = error
        except TenantError as error:
            return _failed(webhook, error)
        else:
            return WebhookResult(webhook.name, Status.SUCCESS)
        more = dialect.pause(attempt, last)
        if isinstance(last, RateLimitedError):
            if not more:
                return _failed(webhook, last)
            continue
        try:
            there = dialect.webhooks()
        except TenantError as error:
            return _failed(webhook, error, unknown=True)
        if there is None:
            return _failed(webhook, last, unknown=True)
        if any(each.name == webhook.name for each in there):
            return WebhookResult(webhook.name, Status.SUCCESS)
        if not more:
            return _failed(webhook, last)


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
