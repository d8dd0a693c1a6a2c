"""All webhooks of one plan, after its writes: those that are not there are registered, and then looked for.

The API takes a second webhook of the same name, and another apply may register the same ones at the same time. So the
list is read right before and right after each registration, or, where there are many, each tenth of them.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..errors import TenantError
from ..model import Status, Webhook, WebhookResult, WriteResult
from .faults import defect
from .halting import Halt
from .ledger import Ledger
from .registration import register
from .sync import not_as_registered, sort_out
from .values import ApplyInput
from .workers import work_off

_LOOKS = 10  # how often the list is read between registrations, however many there are


def register_all(
    given: ApplyInput, halt: Halt, ledger: Ledger, results: Sequence[WriteResult]
) -> tuple[WebhookResult, ...]:
    """The results of all webhooks, in the order of the plan; `results` are those of its writes."""
    return _Registering(given, halt, ledger).register_all(results)


class _Registering:
    def __init__(self, given: ApplyInput, halt: Halt, ledger: Ledger) -> None:
        self._given = given
        self._halt = halt
        self._ledger = ledger

    def register_all(self, results: Sequence[WriteResult]) -> tuple[WebhookResult, ...]:
        webhooks = self._given.plan.webhooks
        known: dict[str, WebhookResult] = {}
        missing = self._sort_out(webhooks, results, known) if webhooks and self._halt.may_start() else ()
        size = max(1, -(-len(missing) // _LOOKS))
        while missing and self._halt.may_start():
            known.update(self._registered(missing[:size]))
            if not self._given.stop.is_set():
                missing = self._sort_out(missing[size:], results, known, looked_for=missing[:size])
        return tuple(
            known.get(each.name) or WebhookResult(each.name, Status.NOT_ATTEMPTED, (self._halt.why_not(),))
            for each in webhooks
        )

    def _sort_out(
        self,
        webhooks: Sequence[Webhook],
        results: Sequence[WriteResult],
        known: dict[str, WebhookResult],
        looked_for: Sequence[Webhook] = (),
    ) -> tuple[Webhook, ...]:
        """Read the list; returns those of the webhooks that are to be registered, and puts the results of the others into
        `known`, and those of the `looked_for` ones that the tenant said to be registered and that are not as they should."""
        done = [
            each for each in looked_for if each.name in known and known[each.name].status is Status.SUCCESS
        ]
        if not webhooks and not done:
            return ()
        there = self._there()
        for webhook, result in not_as_registered(done, there):
            self._ledger.webhook(webhook, result)
            known[result.name] = result
        sync = sort_out(webhooks, results, there)
        known.update({each.name: each for each in sync.settled})
        return sync.missing

    def _registered(self, webhooks: Sequence[Webhook]) -> dict[str, WebhookResult]:
        raw = work_off(webhooks, self._register, self._halt.may_start, self._given.concurrency)
        ends = [
            self._crashed(webhook, end) if isinstance(end, Exception) else end
            for webhook, end in zip(webhooks, raw, strict=True)
        ]
        return {each.name: each for each in ends if each is not None}

    def _there(self) -> tuple[Webhook, ...] | TenantError | None:
        try:
            return self._given.dialect.webhooks()
        except TenantError as error:
            return error

    def _register(self, webhook: Webhook) -> WebhookResult | None:
        if not self._ledger.webhook(webhook):
            return None
        end = register(webhook, self._given.dialect, self._given.stop.is_set)
        self._ledger.webhook(webhook, end.result)
        self._halt.account(end.stop, server_failed=end.server_failed)
        return end.result

    def _crashed(self, webhook: Webhook, error: Exception) -> WebhookResult:
        told = defect(error)
        self._halt.pull(told.message)
        result = WebhookResult(webhook.name, Status.FAILED, (told,))
        self._ledger.webhook(webhook, result)
        return result
