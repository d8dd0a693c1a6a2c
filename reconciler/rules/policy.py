"""A company's own rules: JSON Schemas that each schedule's canonical body must satisfy.

A schema comes from the repository, so it may not harm: references lead into the schema itself or nowhere, and
patterns are matched in bounded time (which Python's own are not).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .. import canonical
from ..findings import Finding, Severity
from ..model import DesiredSchedule, JsonObject, Path
from ..phrases import quote, shorten
from ..settings import TenantSettings
from .reporting import PAUSES, report

if TYPE_CHECKING:
    from jsonschema_rs import Validator


@dataclass(frozen=True, slots=True)
class Policy:
    """One usable policy schema."""

    path: str
    schema: JsonObject
    validator: Validator

    def violations(self, schedule: DesiredSchedule) -> Iterator[Finding]:
        """Each way in which a schedule's canonical body breaks the policy, at the value in the file: one finding for each
        title and value there, because weekdays that share an entry share its faults."""
        schedule_id = schedule.pinned_id or canonical.derived_id(schedule.campaign_id, schedule.name)
        body = canonical.body(schedule.campaign_id, schedule_id, schedule.content)
        if self.validator.is_valid(body):
            return
        alike: dict[tuple[str, Path, str], list[str]] = {}
        for error in self.validator.iter_errors(body):
            keywords = getattr(error, "evaluation_path", error.schema_path)  # the older name of the same path
            title = _title(self.schema, keywords) or shorten(error.message)
            path = _keyed(schedule.content, tuple(error.instance_path))
            where = canonical.field_path(path) or "the schedule"
            alike.setdefault((title, schedule.path_of(path) or path[:1], quote(error.instance)), []).append(where)
        for (title, path, value), fields in alike.items():
            more = f" (and {len(fields) - 1} more of this entry)" if len(fields) > 1 else ""
            message = f"{title}: {fields[0]}{more} is {value} ({self.path})."
            yield report(schedule, Severity.ERROR, "policy", message, path)


def policies_of(settings: TenantSettings) -> tuple[Policy, ...]:
    """The tenant's policies, which were found to be usable when they were read."""
    import jsonschema_rs

    return tuple(
        Policy(path, schema, jsonschema_rs.validator_for(schema, retriever=_no_retrieval))
        for path, schema in settings.policy_schemas
    )


def _no_retrieval(uri: str) -> Any:
    raise LookupError(f"{uri} is another document, and a policy schema must stand alone")


def _title(schema: JsonObject, path: Sequence[str | int]) -> str | None:
    """The title nearest to the failing keyword on the way down from the schema's root, through its own references."""
    node: Any = schema
    title: Any = schema.get("title")
    for part in path:
        try:
            node = _referred(schema, node[part]) if part == "$ref" else node[part]
        except (KeyError, IndexError, TypeError):
            break
        if isinstance(node, dict):
            title = node.get("title", title)
    return shorten(title) if isinstance(title, str) and title else None


def _referred(schema: JsonObject, reference: str) -> Any:
    """What a `#/…` reference names (RFC 6901); KeyError for any other."""
    start, *parts = reference.split("/")
    if start != "#":
        raise KeyError(reference)
    node: Any = schema
    for part in parts:
        node = node[part.replace("~1", "/").replace("~0", "~")]
    return node


def _keyed(content: JsonObject, path: Path) -> Path:
    """A path into the canonical body with windows, blackouts and pauses named by their key."""
    match path:
        case ("scheduleDetails" | "blackoutPeriods") as name, int(index), *rest:
            return name, canonical.item_keys(name, content[name])[index], *rest
        case "complianceRules", "regulatoryPauses", int(index):
            return *PAUSES, content["complianceRules"]["regulatoryPauses"][index]
    return path
