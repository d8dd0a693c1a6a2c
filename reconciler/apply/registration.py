"""One webhook's registration; a lost answer never makes two, because the list is read before anything is repeated."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ..dialect import Dialect
from ..errors import TenantError, UnreachableError
from ..model import Status, Webhook, WebhookResult, WriteError
from .faults import (
    is_repeatable,
    is_server_failure,
    leaves_open,
    not_attempted,
    plain_error,
    stops_the_run,
    unknown_outcome,
)

_WHAT = "the webhook was registered"
_LOOK = "look at the webhooks in the console: without the scope nobody registers this one again"


@dataclass(frozen=True, slots=True)
class RegistrationEnd:
    """How a registration ended; `stop` and `server_failed` as for a write."""

    result: WebhookResult
    stop: TenantError | None = None
    server_failed: bool = False


def register(webhook: Webhook, dialect: Dialect, stopping: Callable[[], bool]) -> RegistrationEnd:
    """Register one webhook that is not there, with bounded repeats; nothing more is sent once `stopping` says so."""
    attempt, reached = 1, False
    while True:
        try:
            dialect.register(webhook)
        except TenantError as error:
            error.retryable = is_repeatable(error)  # what this run repeats, the next one may too
            reached = reached or not isinstance(error, UnreachableError) or error.sent
            if not reached and stopping():
                return RegistrationEnd(_result(webhook, Status.NOT_ATTEMPTED, not_attempted()))
            more = is_repeatable(error) and dialect.pause(attempt, error)
            end = _look(webhook, dialect, error) if leaves_open(error) else None
            if end is not None or not more:
                return end or _failed(webhook, error)
            attempt += 1
        else:
            return RegistrationEnd(_result(webhook, Status.SUCCESS))


def present(webhook: Webhook, there: Iterable[Webhook]) -> WebhookResult | None:
    """The result where a webhook of that name is there already, whoever registered it; None where there is none."""
    same_name = [each for each in there if each.name == webhook.name]
    if not same_name:
        return None
    if len(same_name) > 1:
        return _result(webhook, Status.UNVERIFIED, _twice(webhook, len(same_name)))
    if webhook in same_name:
        return _result(webhook, Status.SUCCESS)
    message = (
        f"the tenant holds a webhook {webhook.name}, but not as it was asked for: {_shown(same_name[0])}"
    )
    hint = "the API cannot change a webhook, so correct or delete it in the console"
    return _result(webhook, Status.UNVERIFIED, WriteError("UNVERIFIED", message, None, hint))


def unreadable(webhook: Webhook, error: TenantError) -> WebhookResult:
    """The result of a webhook that is not registered, because nobody can tell whether it is there already."""
    message = (
        f"not registered, because the list that tells whether it is there could not be read: {error.message}"
    )
    hint = "apply again once the tenant answers"
    return _result(webhook, Status.FAILED, WriteError(error.code, message, None, hint, error.retryable))


def _look(webhook: Webhook, dialect: Dialect, error: TenantError) -> RegistrationEnd | None:
    """How the registration ended after an attempt without a usable answer; None when it is certainly not there."""
    try:
        there = dialect.webhooks()
    except TenantError as failure:
        return _failed(webhook, error, unknown_outcome(_WHAT, failure), failure)
    if there is None:
        unknown = unknown_outcome(_WHAT, TenantError("the scope webhooks:read was not granted"), _LOOK)
        return _failed(webhook, error, unknown)
    found = present(webhook, there)
    return None if found is None else RegistrationEnd(found)


def _failed(
    webhook: Webhook,
    error: TenantError,
    unknown: WriteError | None = None,
    failure: TenantError | None = None,
) -> RegistrationEnd:
    errors = (plain_error(error),) if unknown is None else (plain_error(error), unknown)
    stop = next((each for each in (error, failure) if stops_the_run(each)), None)
    return RegistrationEnd(_result(webhook, Status.FAILED, *errors), stop, is_server_failure(error))


def _result(webhook: Webhook, status: Status, *errors: WriteError) -> WebhookResult:
    return WebhookResult(webhook.name, status, errors)


def _twice(webhook: Webhook, count: int) -> WriteError:
    message = (
        f"the tenant holds {count} webhooks {webhook.name}, so workforce management hears of each change {count} times: "
        "another apply registered it at the same time"
    )
    return WriteError("REGISTERED_TWICE", message, None, "delete all but one of them in the console")


def _shown(webhook: Webhook) -> str:
    return f"url {webhook.url!r}, events {', '.join(webhook.events) or 'none'}, status {webhook.status!r}"
