"""Which of a plan's webhooks are to be registered now, after the writes and as the tenant's list stands.

The list is read again because a plan may be old: a webhook that is there meanwhile must not be made twice, and the API
can neither change nor delete one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .. import canonical
from ..errors import TenantError
from ..model import Action, Status, Webhook, WebhookResult, WriteError, WriteResult
from .faults import not_attempted
from .registration import present, unreadable

_THERE = (Status.SUCCESS, Status.UNVERIFIED)  # how a create ends after which the schedule is there


@dataclass(frozen=True, slots=True)
class Sync:
    """The webhooks to register, and the results of the others."""

    missing: tuple[Webhook, ...] = ()
    settled: tuple[WebhookResult, ...] = ()


def sort_out(
    webhooks: Sequence[Webhook],
    results: Sequence[WriteResult],
    there: tuple[Webhook, ...] | TenantError | None,
) -> Sync:
    """Sort the plan's webhooks by the results of the writes and by `there`: what the tenant holds, the error where it
    could not be read, None where the scope for that is not to be had (then only new schedules get one, design §8)."""
    creates = {
        canonical.webhook_name(each.schedule_id): each.status
        for each in results
        if each.action is Action.CREATE
    }
    missing: list[Webhook] = []
    settled: list[WebhookResult] = []
    for webhook in webhooks:
        result = _settled(webhook, creates.get(webhook.name), there)
        if result is None:
            missing.append(webhook)
        else:
            settled.append(result)
    return Sync(tuple(missing), tuple(settled))


def not_as_registered(
    registered: Sequence[Webhook], there: tuple[Webhook, ...] | TenantError | None
) -> Iterator[tuple[Webhook, WebhookResult]]:
    """Those of the registered webhooks that are not there as they were asked for, with their results; none where
    `there` does not tell."""
    if there is None or isinstance(there, TenantError):
        return
    for webhook in registered:
        result = present(webhook, there) or _dropped(webhook)
        if result.status is not Status.SUCCESS:
            yield webhook, result


def _dropped(webhook: Webhook) -> WebhookResult:
    message = "the tenant answered as if the webhook were registered, but its list does not show it"
    hint = "look at the webhooks in the console before the next apply, so that no second one is made"
    return WebhookResult(webhook.name, Status.UNVERIFIED, (WriteError("UNVERIFIED", message, None, hint),))


def _settled(
    webhook: Webhook, create: Status | None, there: tuple[Webhook, ...] | TenantError | None
) -> WebhookResult | None:
    if create is not None and create not in _THERE:
        return _left(webhook, "its schedule was not created")
    if isinstance(there, TenantError):
        return unreadable(webhook, there)
    if there is not None:
        return present(webhook, there)
    if create is None:
        return _left(
            webhook, "the scope webhooks:read was not granted, so nobody can tell whether it is there"
        )
    return None


def _left(webhook: Webhook, reason: str) -> WebhookResult:
    return WebhookResult(webhook.name, Status.NOT_ATTEMPTED, (not_attempted(reason),))
