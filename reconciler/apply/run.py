"""The order of one apply: the writes, then the webhooks of what was written, then a look at what came of it."""

from __future__ import annotations

from ..model import Result, Status
from .entries import Context
from .halting import Halt
from .ledger import Ledger
from .registrations import register_all
from .values import ApplyInput
from .writes import Writing


def run_apply(given: ApplyInput) -> Result:
    """Apply one plan that passed the gate; every change and every webhook has a result, also those not attempted."""
    halt = Halt(given.stop)
    ledger = Ledger(given.journal, Context(given.plan, given.run, given.webhook_url), halt)
    writing = Writing(given, halt, ledger)
    results = writing.write_all()
    webhooks = register_all(given, halt, ledger, results)
    differing = given.read_again() if results and not given.stop.is_set() else None
    lacking = any(each.status is not Status.SUCCESS for each in webhooks)
    return Result(
        tenant=given.plan.tenant,
        run_id=given.run.run_id,
        digest=given.plan.digest,
        revision=given.plan.revision,
        results=writing.recheck(results, differing or frozenset()),
        webhooks=webhooks,
        converged=(not results or differing == frozenset()) and not lacking,
        interrupted=given.stop.is_set(),
        journal_head=given.journal.head,
        left_out=given.left_out,
        stopped=halt.reason,
    )
