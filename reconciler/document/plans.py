"""A plan and its findings as JSON documents, with the keys in the order of design §5."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .. import canonical
from ..model import (
    Action,
    Change,
    FieldChange,
    Finding,
    JsonObject,
    Location,
    Plan,
    SafetyCheck,
    Severity,
    Unmanaged,
    Webhook,
)

FORMAT_VERSION = "1"


def plans_document(plans: Sequence[Plan]) -> JsonObject:
    """One document of all plans: of one tenant the plan itself, of several `{"formatVersion", "plans"}`."""
    if len(plans) == 1:
        return plan_document(plans[0])
    return {"formatVersion": FORMAT_VERSION, "plans": [plan_document(plan) for plan in plans]}


def plan_document(plan: Plan) -> JsonObject:
    """The document of one tenant's plan (design §5)."""
    return {
        "formatVersion": FORMAT_VERSION,
        "tenant": plan.tenant or None,
        "baseUri": plan.base_uri or None,
        "asOf": plan.as_of,
        "revision": plan.revision,
        "dirty": plan.dirty,
        "base": plan.base,
        "digest": plan.digest,
        "summary": _summary(plan),
        "changes": [_change(each) for each in plan.changes],
        "webhooks": [_webhook(each) for each in plan.webhooks],
        "unmanaged": [_unmanaged(each) for each in plan.unmanaged],
        "safety": [_safety(each) for each in plan.safety],
        "findings": [finding_document(each) for each in plan.findings],
    }


def findings_document(findings: Sequence[Finding], files: int, schedules: int) -> JsonObject:
    """The document of `validate`: how much was read (`files`, `schedules`), and what is wrong with it (design §4)."""
    return {
        "summary": {
            "files": files,
            "schedules": schedules,
            "errors": sum(each.severity is Severity.ERROR for each in findings),
            "warnings": sum(each.severity is Severity.WARNING for each in findings),
        },
        "findings": [finding_document(each) for each in findings],
    }


def finding_document(finding: Finding) -> JsonObject:
    """One finding; file, line and column are null when it is about the tenant."""
    place = finding.location
    return {
        "severity": finding.severity.value,
        "code": finding.code,
        "message": finding.message,
        "file": place.file if place is not None else None,
        "line": place.line if place is not None else None,
        "column": place.column if place is not None else None,
    }


def _summary(plan: Plan) -> dict[str, int]:
    return {
        "create": plan.count_action(Action.CREATE),
        "update": plan.count_action(Action.UPDATE),
        "unchanged": plan.unchanged,
        "unmanaged": len(plan.unmanaged),
        "webhooks": len(plan.webhooks),
        "errors": plan.count(Severity.ERROR),
        "warnings": plan.count(Severity.WARNING),
    }


def _change(change: Change) -> JsonObject:
    return {
        "action": change.action.value,
        "origin": _word(change.origin),
        "campaignId": change.campaign_id,
        "scheduleId": change.schedule_id,
        "name": change.name,
        "source": _place(change.source),
        "fields": [_field(each) for each in change.fields],
        "request": {
            "method": change.request.method,
            "path": change.request.path,
            "body": change.request.body,
        },
        "before": change.before,
        "fingerprint": change.fingerprint,
    }


def _field(field: FieldChange) -> JsonObject:
    return {
        "path": field.path,
        "live": field.live,
        "desired": field.desired,
        "origin": _word(field.origin),
        "source": _place(field.source),
    }


def _webhook(webhook: Webhook) -> JsonObject:
    return {
        "action": "register",
        "name": webhook.name,
        "url": webhook.url,
        "events": list(webhook.events),
        "status": webhook.status,
    }


def _unmanaged(each: Unmanaged) -> JsonObject:
    return {"campaignId": each.campaign_id, "scheduleId": each.schedule_id, "name": each.name}


def _safety(check: SafetyCheck) -> JsonObject:
    return {
        "limit": check.limit,
        "allowed": canonical.number(check.allowed),
        "actual": canonical.number(check.actual),
        "passed": check.passed,
    }


def _place(location: Location | None) -> JsonObject | None:
    if location is None:
        return None
    return {"file": location.file, "line": location.line, "column": location.column}


def _word(value: Any) -> str | None:
    return value.value if value is not None else None
