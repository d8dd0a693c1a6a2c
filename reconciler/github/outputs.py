"""What the actions hand to later steps: the figures of a saved plan, or of an apply by the journal in its log."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ..document.saved_plans import read_plans
from ..errors import UsageError
from ..findings import Severity
from ..model import JsonObject, Origin, Plan
from .journal_branch import journal_lines


def outputs_of(file: Path) -> Mapping[str, str]:
    """Names and values. UsageError where the file is not there, RefusedError where it is no plan."""
    if not file.is_file():
        raise UsageError(f"there is no file {file}", hint="name a plan that `plan --out` saved, or the log of an apply")
    if file.suffix == ".json":
        return _of_plans(read_plans(file))
    ends = [line for line in journal_lines(file.read_text("utf-8", "replace")) if line.get("action") == "RUN_ENDED"]
    return _of_runs(ends)


def _of_plans(plans: tuple[Plan, ...]) -> Mapping[str, str]:
    changes = [change for plan in plans for change in plan.changes]
    creates = sum(change.before is None for change in changes)
    webhooks = sum(len(plan.webhooks) for plan in plans)
    errors = any(finding.severity is Severity.ERROR for plan in plans for finding in plan.findings)
    return {
        "changes": str(len(changes) + webhooks),
        "create": str(creates),
        "update": str(len(changes) - creates),
        "webhooks": str(webhooks),
        "refused": _truth(errors or any(plan.refusals for plan in plans)),
        "drift": _truth(any(change.origin in (Origin.DRIFT, Origin.CONFLICT) for change in changes)),
        "digest": " ".join(plan.digest for plan in plans if plan.digest is not None),
    }


def _of_runs(ends: list[JsonObject]) -> Mapping[str, str]:
    """The figures of all tenants; `converged` is empty where no run passed the gate."""
    summaries = [end.get("summary") or {} for end in ends]

    def total(*names: str) -> str:
        return str(sum(int(summary.get(name) or 0) for summary in summaries for name in names))

    return {
        "created": total("created"),
        "updated": total("updated"),
        "failed": total("failed", "stale", "unverified", "notAttempted"),
        "converged": _truth(all(end.get("converged") for end in ends)) if ends else "",
    }


def _truth(value: bool) -> str:
    return "true" if value else "false"
