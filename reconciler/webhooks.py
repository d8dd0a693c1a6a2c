"""Which webhooks a tenant lacks, so that workforce management hears of every schedule that git manages.

A webhook is found again by its name, `WFM_Sync_{scheduleId}`: the API can create and list webhooks, and change none.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from . import canonical
from .findings import Finding, Severity
from .model import Webhook

DUPLICATE = "webhook-duplicate"
"""The code of the finding about a tenant that holds more than one webhook of a name: it cannot be called converged."""

EVENTS = ("campaign.schedule.updated", "dialer.schedule.activated")


class WebhookDiff(NamedTuple):
    """The webhooks to register, sorted by name, and what is wrong with those that are there."""

    missing: tuple[Webhook, ...]
    findings: tuple[Finding, ...] = ()


def wanted_webhook(schedule_id: str, url: str) -> Webhook:
    """The webhook that one managed schedule has."""
    return Webhook(canonical.webhook_name(schedule_id), url, EVENTS, "ENABLED")


def compare_webhooks(
    managed: Iterable[str], created: Iterable[str], url: str, live: tuple[Webhook, ...] | None
) -> WebhookDiff:
    """What is missing for the ids of all `managed` schedules, or, where the list of webhooks is not known (`live` None), of
    those `created` only. Every webhook of a wanted name that differs is a finding, and every wanted name that more than one
    webhook has."""
    ids = created if live is None else managed
    there: dict[str, list[Webhook]] = {}
    for webhook in live or ():
        there.setdefault(webhook.name, []).append(webhook)
    missing: list[Webhook] = []
    findings: list[Finding] = []
    for wanted in (wanted_webhook(schedule_id, url) for schedule_id in sorted(set(ids))):
        same_name = there.get(wanted.name, ())
        if not same_name:
            missing.append(wanted)
        findings.extend(_differs(webhook, wanted) for webhook in same_name if webhook != wanted)
        if len(same_name) > 1:
            message = (
                f"webhook {wanted.name} is registered {len(same_name)} times, so workforce management hears of each change "
                f"{len(same_name)} times; the API cannot delete a webhook, so delete all but one in the console"
            )
            findings.append(Finding(Severity.WARNING, DUPLICATE, message))
    return WebhookDiff(tuple(missing), tuple(findings))


def _differs(found: Webhook, wanted: Webhook) -> Finding:
    parts = [
        f"the {name} {there!r} instead of {should!r}"
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
        f"webhook {found.name} is there already with {', '.join(parts)}, so workforce management may not hear of its "
        "schedule; the API cannot change a webhook, so correct it in the console, or delete it there and apply again",
    )
