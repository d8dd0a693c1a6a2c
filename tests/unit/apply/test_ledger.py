"""A journal that cannot be written halts the run: nothing goes out untold."""

from __future__ import annotations

import pytest

from reconciler.apply.values import WriteEnd
from reconciler.errors import JournalUnavailableError
from reconciler.model import Action, Change, Request, Status, WebhookResult, WriteResult
from tests.support.apply_parts import Tenant, plan, webhook
from tests.support.apply_world import schedule

REQUEST = Request("PUT", "/x", schedule("CAM_A", "S1", "Weekday"))
CHANGE = Change(Action.CREATE, "CAM_A", "S1", "Weekday", REQUEST)
END = WriteEnd(WriteResult("CAM_A", "S1", Action.CREATE, Status.SUCCESS), REQUEST, None)


def test_all_that_happens_is_told(tenant: Tenant) -> None:
    halt = tenant.brake()
    ledger = tenant.ledger(plan(CHANGE), halt)

    ledger.pending(CHANGE, REQUEST, None)
    ledger.ended(CHANGE, END)
    assert ledger.webhook(webhook("S1"))
    assert ledger.webhook(webhook("S1"), WebhookResult("WFM_Sync_S1", Status.SUCCESS))

    name = "WFM_Sync_S1"
    assert tenant.journal.told == [("S1", "PENDING"), ("S1", "SUCCESS"), (name, "PENDING"), (name, "SUCCESS")]
    assert halt.may_start()


def test_what_cannot_be_told_must_not_be_sent(tenant: Tenant) -> None:
    tenant.journal.room = 0
    halt = tenant.brake()
    ledger = tenant.ledger(plan(CHANGE), halt)

    with pytest.raises(JournalUnavailableError):
        ledger.pending(CHANGE, REQUEST, None)

    assert halt.reason == "the journal cannot be written: no room"


def test_an_end_that_cannot_be_told_halts_the_run(tenant: Tenant) -> None:
    tenant.journal.room = 0
    halt = tenant.brake()

    tenant.ledger(plan(CHANGE), halt).ended(CHANGE, END)

    assert not halt.may_start()


def test_a_webhook_that_cannot_be_told_is_said_so(tenant: Tenant) -> None:
    tenant.journal.room = 0
    halt = tenant.brake()

    assert not tenant.ledger(plan(CHANGE), halt).webhook(webhook("S1"))
    assert not halt.may_start()
