"""The order of one apply: the writes, then the webhooks of what was written, then a look at what came of it."""

from __future__ import annotations

from collections.abc import Sequence

from ..errors import JournalUnavailableError
from ..model import Plan, Result, Status, WebhookResult
from ..webhooks import DUPLICATE
from .entries import Context
from .halting import Halt
from .ledger import Ledger
from .registrations import register_all
from .values import Aftermath, ApplyInput
from .writes import Writing


def run_apply(given: ApplyInput) -> Result:
    """Apply one plan that passed the gate; every change and every webhook has a result, also those not attempted."""
    halt = Halt(given.stop)
    ledger = Ledger(given.journal, Context(given.plan, given.run, given.webhook_url), halt)
    writing = Writing(given, halt, ledger)
    results = writing.write_all()
    webhooks = register_all(given, halt, ledger, results)
    after: Aftermath | None = Aftermath()
    if results:
        after = None if given.stop.is_set() else given.read_again()
        results = writing.recheck(results, after or Aftermath())
    try:
        given.journal.prove_intact()
    except JournalUnavailableError as error:
        halt.pull(error.message)
    ended = not given.stop.is_set() and halt.reason is None
    as_planned = after is not None and after.is_as_planned and _all_registered(webhooks)
    return Result(
        tenant=given.plan.tenant,
        run_id=given.run.run_id,
        digest=given.plan.digest,
        revision=given.plan.revision,
        results=results,
        webhooks=webhooks,
        converged=ended and as_planned and may_converge(given.plan, given.left_out),
        interrupted=given.stop.is_set(),
        journal_head=given.journal.head,
        left_out=given.left_out,
        stopped=halt.reason,
    )


def may_converge(plan: Plan, left_out: Sequence[str]) -> bool:
    """Whether a tenant can be as its files ask when all of its plan is carried out: not where campaigns are left out,
    nor where a webhook is registered twice, which no apply can undo."""
    return not left_out and not any(finding.code == DUPLICATE for finding in plan.findings)


def _all_registered(webhooks: Sequence[WebhookResult]) -> bool:
    return all(webhook.status is Status.SUCCESS for webhook in webhooks)
