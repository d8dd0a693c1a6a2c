"""The name of a plan: equal for the same writes to the same tenant, and for nothing else (design §5)."""

from __future__ import annotations

from .. import canonical, fields
from ..model import Plan


def plan_digest(plan: Plan, ignored: fields.Patterns) -> str:
    """`sha256:…` over tenant, base URI, writes and webhooks; not over who asked, what was found, when, or any order."""
    writes = [
        [
            change.request.method,
            change.request.path,
            fields.without(change.request.body, ignored),
            change.fingerprint,
        ]
        for change in plan.changes
    ]
    webhooks = [[each.name, each.url, sorted(each.events), each.status] for each in plan.webhooks]
    return canonical.digest(
        [
            plan.tenant,
            plan.base_uri,
            sorted(writes, key=canonical.dumps),
            sorted(webhooks, key=canonical.dumps),
        ]
    )
