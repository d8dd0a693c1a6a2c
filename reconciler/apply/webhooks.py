"""One webhook's registration, and what the tenant's list of webhooks says of many.

The API takes a second webhook of the same name, and can change or delete none. So a lost answer never leads to a second
registration before the list was read, and what the list holds by now, whoever registered it, counts as it stands there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from .. import canonical
from ..dialect import Dialect
from ..errors import TenantError, UnauthorizedError
from ..model import Action, Webhook
from ..model.results import Status, WebhookResult, WriteError, WriteResult
from .outcomes import (
    RegistrationEnd,
    arrived,
    is_repeatable,
    is_server_failure,
    leaves_open,
    not_attempted,
    plain_error,
    stop_of,
    unknown_outcome,
)

Listed = tuple[Webhook, ...] | TenantError | None
"""What the tenant holds; the error where it could not be read; None where the scope to read it is not to be had."""

_LIVE = (Status.SUCCESS, Status.UNVERIFIED)  # how a create ends after which the schedule is live
_WHAT = "the webhook was registered"
_LOOK = "look at the webhooks in the console: without the scope no apply registers this one again"


def register(webhook: Webhook, dialect: Dialect, stopping: Callable[[], bool]) -> RegistrationEnd:
    """Register one webhook that is not there, with bounded repeats; nothing more is sent once `stopping` says so."""
    attempt, reached, renewed = 1, False, False
    while True:
        try:
            dialect.register(webhook, renew=not renewed)
        except TenantError as error:
            error.retryable = is_repeatable(error)  # what this run repeats, the next one may too
            reached = reached or arrived(error)
            if not reached and stopping():
                return RegistrationEnd(WebhookResult(webhook.name, Status.NOT_ATTEMPTED, (not_attempted(),)))
            if isinstance(error, UnauthorizedError) and error.renewed:
                renewed = True
                continue
            more = is_repeatable(error) and dialect.pause(attempt, error)
            end = _look_again(webhook, dialect, error) if leaves_open(error) else None
            if end is not None or not more:
                return end or _failed(webhook, error)
            attempt += 1
        else:
            return RegistrationEnd(WebhookResult(webhook.name, Status.SUCCESS))


def listed_webhooks(dialect: Dialect) -> Listed:
    """What the tenant says that it holds."""
    try:
        return dialect.webhooks()
    except TenantError as error:
        return error


def settled(webhooks: Sequence[Webhook], writes: Iterable[WriteResult], listed: Listed) -> dict[str, WebhookResult]:
    """The results, by name, of those webhooks that are not to be registered now: they are there already, their schedule
    was not created, or it is not known whether they are there. Where the scope to read the list is not to be had, only
    schedules that this run created get one."""
    creates = {
        canonical.webhook_name(write.schedule_id): write.status for write in writes if write.action is Action.CREATE
    }
    results = (_settled(webhook, creates.get(webhook.name), listed) for webhook in webhooks)
    return {result.name: result for result in results if result is not None}


def not_as_registered(registered: Iterable[Webhook], listed: Listed) -> Iterator[tuple[Webhook, WebhookResult]]:
    """Those of the registered webhooks that are not listed as they were asked for, with their results; none where the
    list could not be read."""
    if listed is None or isinstance(listed, TenantError):
        return
    for webhook in registered:
        result = _listed_as(webhook, listed) or _unverified(
            webhook,
            "the tenant answered as if the webhook were registered, but its list does not show it",
            "look at the webhooks in the console before the next apply, so that no second one is made",
        )
        if result.status is not Status.SUCCESS:
            yield webhook, result


def _settled(webhook: Webhook, create: Status | None, listed: Listed) -> WebhookResult | None:
    if create is not None and create not in _LIVE:
        error = not_attempted("its schedule was not created")
        return WebhookResult(webhook.name, Status.NOT_ATTEMPTED, (error,))
    if isinstance(listed, TenantError):
        message = f"not registered, because the list that says whether it is there could not be read: {listed.message}"
        error = WriteError(listed.code, message, None, "apply again once the tenant answers", listed.retryable)
        return WebhookResult(webhook.name, Status.FAILED, (error,))
    if listed is not None:
        return _listed_as(webhook, listed)
    if create is None:
        error = not_attempted("the scope webhooks:read was not granted, so it is not known whether it is there")
        return WebhookResult(webhook.name, Status.NOT_ATTEMPTED, (error,))
    return None


def _listed_as(webhook: Webhook, listed: Iterable[Webhook]) -> WebhookResult | None:
    """The result where a webhook of that name is there, whoever registered it; None where there is none."""
    same_name = [other for other in listed if other.name == webhook.name]
    if not same_name:
        return None
    if len(same_name) > 1:
        count = len(same_name)
        message = (
            f"the tenant holds {count} webhooks {webhook.name}, so workforce management hears of each change {count} times: "
            "another apply registered it at the same time"
        )
        return _unverified(webhook, message, "delete all but one of them in the console", "REGISTERED_TWICE")
    if webhook in same_name:
        return WebhookResult(webhook.name, Status.SUCCESS)
    other = same_name[0]
    shown = f"url {other.url!r}, events {', '.join(other.events) or 'none'}, status {other.status!r}"
    message = f"the tenant holds a webhook {webhook.name}, but not as it was asked for: {shown}"
    hint = "the API cannot change a webhook, so correct or delete it in the console"
    return _unverified(webhook, message, hint)


def _look_again(webhook: Webhook, dialect: Dialect, error: TenantError) -> RegistrationEnd | None:
    """How the registration ended after an attempt without a usable answer; None when it is certainly not there."""
    listed = listed_webhooks(dialect)
    if isinstance(listed, TenantError):
        return _failed(webhook, error, unknown_outcome(_WHAT, listed), stop=listed)
    if listed is None:
        unreadable = TenantError("the scope webhooks:read was not granted")
        return _failed(webhook, error, unknown_outcome(_WHAT, unreadable, _LOOK))
    result = _listed_as(webhook, listed)
    return None if result is None else RegistrationEnd(result)


def _failed(
    webhook: Webhook, error: TenantError, *unknown: WriteError, stop: TenantError | None = None
) -> RegistrationEnd:
    result = WebhookResult(webhook.name, Status.FAILED, (plain_error(error), *unknown))
    return RegistrationEnd(result, stop_of(error, stop), is_server_failure(error))


def _unverified(webhook: Webhook, message: str, hint: str, code: str = "UNVERIFIED") -> WebhookResult:
    return WebhookResult(webhook.name, Status.UNVERIFIED, (WriteError(code, message, None, hint),))
