"""Which webhooks are registered now, by what came of the writes and by what the tenant holds."""

from __future__ import annotations

import pytest

from reconciler.apply.sync import not_as_registered, sort_out
from reconciler.errors import ServerFailureError
from reconciler.model import Action, Status, Webhook, WriteResult
from tests.support.apply_parts import webhook

NEW, OLD = webhook("new"), webhook("old")
DOWN = ServerFailureError("down", status=503)


def created(status: Status) -> list[WriteResult]:
    """`new` was to be created and `old` updated, and both ended so."""
    return [
        WriteResult("CAM_A", "new", Action.CREATE, status),
        WriteResult("CAM_A", "old", Action.UPDATE, status),
    ]


def test_what_is_not_there_is_missing() -> None:
    sync = sort_out([NEW, OLD], created(Status.SUCCESS), ())

    assert (sync.missing, sync.settled) == ((NEW, OLD), ())


def test_what_is_there_is_settled() -> None:
    sync = sort_out([NEW, OLD], created(Status.SUCCESS), (OLD,))

    assert sync.missing == (NEW,)
    assert [(each.name, each.status) for each in sync.settled] == [(OLD.name, Status.SUCCESS)]


@pytest.mark.parametrize("status", [Status.FAILED, Status.STALE, Status.NOT_ATTEMPTED])
def test_a_schedule_that_was_not_created_gets_none(status: Status) -> None:
    sync = sort_out([NEW, OLD], created(status), ())

    assert sync.missing == (OLD,)  # there before, whatever became of its update
    assert [(each.name, each.status) for each in sync.settled] == [(NEW.name, Status.NOT_ATTEMPTED)]


def test_an_unverified_create_is_there() -> None:
    assert sort_out([NEW], created(Status.UNVERIFIED), ()).missing == (NEW,)


def test_a_list_that_cannot_be_read_settles_all() -> None:
    sync = sort_out([NEW, OLD], created(Status.SUCCESS), DOWN)

    assert sync.missing == ()
    assert [each.status for each in sync.settled] == [Status.FAILED] * 2


def test_without_the_scope_only_new_ones_are_missing() -> None:
    sync = sort_out([NEW, OLD], created(Status.SUCCESS), None)

    assert sync.missing == (NEW,)
    assert [(each.name, each.status) for each in sync.settled] == [(OLD.name, Status.NOT_ATTEMPTED)]
    assert "webhooks:read" in sync.settled[0].errors[0].message


def test_only_what_is_not_as_it_should_be_is_told_afterwards() -> None:
    other = Webhook(OLD.name, "https://other.example.com", OLD.events, OLD.status)

    assert list(not_as_registered([NEW, OLD], (NEW, OLD))) == []
    assert [(hook, each.status) for hook, each in not_as_registered([NEW, OLD], (other,))] == [
        (NEW, Status.UNVERIFIED),
        (OLD, Status.UNVERIFIED),
    ]


@pytest.mark.parametrize("there", [None, DOWN])
def test_what_cannot_be_read_again_is_not_doubted(there: ServerFailureError | None) -> None:
    assert list(not_as_registered([NEW], there)) == []
