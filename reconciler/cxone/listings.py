"""The wire format of what is only listed: campaigns, agents and webhooks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..dialect import CampaignName
from ..errors import AnswerError
from ..model import JsonObject, Webhook
from .redaction import shown


def campaign_names(items: Iterable[Any]) -> tuple[CampaignName, ...]:
    """Campaigns, sorted by id, each once. AnswerError for one without an id, or with two names."""
    found: dict[str, CampaignName] = {}
    for item in items:
        name = item.get("name") if isinstance(item, dict) else None
        if name is not None and not isinstance(name, str):
            raise _error("campaign", item, "name")
        campaign = CampaignName(_text(item, "id", "campaign"), name)
        if found.setdefault(campaign.campaign_id, campaign) != campaign:
            raise AnswerError(f"the tenant lists campaign {campaign.campaign_id} twice, with different names")
    return tuple(found[key] for key in sorted(found))


def count_active(items: Iterable[Any]) -> int:
    """How many distinct agents are ACTIVE: one who has several schedules is one agent."""
    agents = [(_text(item, "userId", "agent"), _text(item, "status", "agent")) for item in items]
    return len({user for user, status in agents if status == "ACTIVE"})


def webhook(item: Any) -> Webhook:
    """One webhook. AnswerError for one that lacks a part."""
    name, url, status = (_text(item, field, "webhook") for field in ("name", "url", "status"))
    events = item.get("events")
    if not isinstance(events, list) or not all(isinstance(event, str) for event in events):
        raise _error("webhook", item, "events")
    return Webhook(name, url, tuple(sorted(set(events))), status)


def webhooks(items: Iterable[Any]) -> tuple[Webhook, ...]:
    """Webhooks, sorted by name. One that two pages list counts once, two that are equal but for their id count twice."""
    held = {(webhook(item), repr(item.get("id"))) for item in items}
    return tuple(
        sorted((each for each, _ in held), key=lambda each: (each.name, each.url, each.events, each.status))
    )


def webhook_body(given: Webhook) -> JsonObject:
    """The body that registers a webhook."""
    return {"name": given.name, "url": given.url, "events": list(given.events), "status": given.status}


def _text(item: Any, field: str, what: str) -> str:
    value = item.get(field) if isinstance(item, dict) else None
    if not isinstance(value, str) or not value:
        raise _error(what, item, field)
    return value


def _error(what: str, item: Any, field: str) -> AnswerError:
    article = "an" if what == "agent" else "a"
    return AnswerError(
        f"the tenant lists {article} {what} whose {field} is missing or of the wrong type: "
        f"{shown(item, 120)}",
        hint="the list is not used, because it cannot be told what it means",
    )
