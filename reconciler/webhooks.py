"""Which webhooks a tenant lacks, so that workforce management hears of every schedule that git manages.

A webhook is found again by its name, `WFM_Sync_{scheduleId}`: the API can create and list webhooks, and change none.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .model import Finding, Severity, Webhook

EVENTS = ("campaign.schedule.updated", "dialer.schedule.activated")


@dataclass(frozen=True, slots=True)
class WebhookDiff:
    """The webhooks to register, sorted by name, and what is wrong with those that are there."""

    missing: tuple[Webhook, ...]
    findings: tuple[Finding, ...] = ()


def wanted_webhook(schedule_id: str, url: str) -> Webhook:
    """The webhook that one managed schedule has."""
    return Webhook(f"WFM_Sync_{schedule_id}", url, EVENTS, "ENABLED")


def compare_webhooks(
    managed: Iterable[str], created: Iterable[str], url: str | None, live: tuple[Webhook, ...] | None
) -> WebhookDiff:
    """What is missing for the ids of all `managed` schedules; of those `created` only, where the list is not known."""
    if url is None:
        return WebhookDiff(())
    ids = created if live is None else managed
    by_name = {webhook.name: webhook for webhook in live or ()}
    missing: list[Webhook] = []
    findings: list[Finding] = []
    for wanted in sorted((wanted_webhook(each, url) for each in set(ids)), key=lambda each: each.name):
        found = by_name.get(wanted.name)
        if found is None:
            missing.append(wanted)
        elif found != wanted:
            findings.append(_differs(found, wanted))
    return WebhookDiff(tuple(missing), tuple(findings))


def _differs(found: Webhook, wanted: Webhook) -> Finding:
    parts = [
        f"{name} is {there!r} and should be {should!r}"
        for name, there, should in (
            ("url", found.url, wanted.url),
            ("events", ", ".join(found.events), ", ".join(wanted.events)),
            ("status", found.status, wanted.status),
        )
        if there != should
    ]
    return Finding(
        Severity.WARNING,
        "webhook-differs",
        f"webhook {found.name}: {'; '.join(parts)}; the API cannot change a webhook, so correct or delete it in the console",
    )
