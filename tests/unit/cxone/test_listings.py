"""Campaigns, agents and webhooks are read strictly and sorted."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.cxone import listings
from reconciler.dialect import CampaignName
from reconciler.errors import AnswerError
from reconciler.model import Webhook

HOOK = {"name": "WFM_Sync_S1", "url": "https://wfm.example/x", "events": ["b", "a", "b"], "status": "ENABLED"}


def test_campaigns_are_sorted_and_each_is_there_once() -> None:
    items = [{"id": "C2", "name": "Two", "more": 1}, {"id": "C1"}, {"id": "C2", "name": "Two"}]
    assert listings.campaign_names(items) == (CampaignName("C1", None), CampaignName("C2", "Two"))


@pytest.mark.parametrize(
    "items",
    [
        [{}],
        ["C1"],
        [None],
        [{"id": ""}],
        [{"id": 5}],
        [{"id": "C1", "name": 5}],
        [{"id": "C"}, {"id": "C", "name": "x"}],
    ],
)
def test_a_campaign_that_cannot_be_told_is_an_error(items: list[Any]) -> None:
    with pytest.raises(AnswerError, match="campaign"):
        listings.campaign_names(items)


def test_agents_count_once_and_only_while_active() -> None:
    items = [
        {"userId": "U1", "status": "ACTIVE", "scheduleId": "A"},
        {"userId": "U1", "status": "ACTIVE", "scheduleId": "B"},
        {"userId": "U2", "status": "INACTIVE"},
        {"userId": "U3", "status": "active"},
        {"userId": "U4", "status": "ACTIVE"},
    ]
    assert listings.count_active(items) == 2
    assert listings.count_active([]) == 0


@pytest.mark.parametrize(
    "item", [{}, None, {"userId": "U1"}, {"status": "ACTIVE"}, {"userId": 5, "status": "ACTIVE"}]
)
def test_an_agent_that_cannot_be_told_is_an_error(item: Any) -> None:
    with pytest.raises(AnswerError, match="an agent whose"):
        listings.count_active([{"userId": "U1", "status": "ACTIVE"}, item])


def test_webhooks_are_sorted_and_their_events_too() -> None:
    other = HOOK | {"name": "A", "id": "W1"}
    assert listings.webhooks([HOOK, other, HOOK]) == (
        Webhook("A", "https://wfm.example/x", ("a", "b"), "ENABLED"),
        Webhook("WFM_Sync_S1", "https://wfm.example/x", ("a", "b"), "ENABLED"),
    )


@pytest.mark.parametrize("field", ["name", "url", "events", "status"])
@pytest.mark.parametrize("value", [None, 5, [5], ""])
def test_a_webhook_that_cannot_be_told_is_an_error(field: str, value: Any) -> None:
    with pytest.raises(AnswerError, match=f"a webhook whose {field}"):
        listings.webhook(HOOK | {field: value})


def test_a_webhook_goes_out_as_it_comes_in() -> None:
    hook = listings.webhook(HOOK)
    assert listings.webhook(listings.webhook_body(hook)) == hook
