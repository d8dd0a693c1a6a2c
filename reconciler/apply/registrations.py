"""All webhooks of one plan, after its writes: those that are not there are registered, and then looked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..errors import TenantError
from ..model import Status, Webhook, WebhookResult, WriteResult
from .faults import defect
from .halting import Halt
from .ledger import Ledger
from .registration import register
from .sync import Sync, looked_for, sort_out
from .values import ApplyInput
from .workers import work_off


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
        sync = Sync()
        if webhooks and self._halt.may_start():
            sync = sort_out(webhooks, results, self._there())
        raw = work_off(sync.missing, self._register, self._halt.may_start, self._given.concurrency)
        ends = [
            self._crashed(webhook, end) if isinstance(end, Exception) else end
            for webhook, end in zip(sync.missing, raw, strict=True)
        ]
        known = {each.name: each for each in (*sync.settled, *ends) if each is not None}
        known |= {each.name: each for each in self._not_there(sync.missing, known)}
        return tuple(
            known.get(each.name) or WebhookResult(each.name, Status.NOT_ATTEMPTED, (self._halt.why_not(),))
            for each in webhooks
        )

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

    def _not_there(
        self, webhooks: Sequence[Webhook], known: dict[str, WebhookResult]
    ) -> Iterator[WebhookResult]:
        """Those of which the tenant said that they are registered, and that its list does not show."""
        done = [each for each in webhooks if each.name in known and known[each.name].status is Status.SUCCESS]
        there = self._there() if done and not self._given.stop.is_set() else None
        for webhook, result in looked_for(done, there):
            self._ledger.webhook(webhook, result)
            yield result

    def _crashed(self, webhook: Webhook, error: Exception) -> WebhookResult:
        told = defect(error)
        self._halt.pull(told.message)
        result = WebhookResult(webhook.name, Status.FAILED, (told,))
        self._ledger.webhook(webhook, result)
        return result
