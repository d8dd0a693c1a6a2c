"""A saved plan back as values: strict on what apply relies on, indifferent to what it does not know.

A plan file travels as a build artifact and may have been cut short, edited or made by a newer version. The digest says
whether the writes are the agreed ones; here is refused what the digest does not cover: a change whose words (campaign,
schedule, action) do not fit the request that would be sent.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from typing import Any, NoReturn

from ..model import (
    Action,
    Change,
    FieldChange,
    Finding,
    JsonObject,
    Location,
    Origin,
    Plan,
    Request,
    SafetyCheck,
    Severity,
    Unmanaged,
    Webhook,
)
from .node import Node, refuse
from .plans import FORMAT_VERSION

MAX_PLAN_CHARACTERS = 512 * 1024 * 1024
"""About five times the plan of 100,000 creates; a larger file is no plan."""

_MAX_DEPTH = 60


def parse_plans(text: str) -> tuple[Plan, ...]:
    """The plans of a saved plan file, of one tenant or of several.

    Raises PlanFileError, saying what is wrong and where, for anything that is not a whole plan of this format version.
    """
    root = Node(_load(text))
    _check_version(root)
    if "plans" not in root.value:
        return (_plan(root),)
    plans = []
    for node in root.children("plans"):
        _check_version(node)
        plans.append(_plan(node))
    tenants = [plan.tenant for plan in plans]
    if len(set(tenants)) < len(tenants):
        refuse("the plan file cannot be read: it holds two plans of one tenant")
    return tuple(plans)


def _load(text: str) -> JsonObject:
    if len(text) > MAX_PLAN_CHARACTERS:
        refuse(f"the plan file is too large: more than {MAX_PLAN_CHARACTERS} characters")
    try:
        value = json.loads(
            text.removeprefix("\ufeff"),
            object_pairs_hook=_object,
            parse_float=_finite,
            parse_constant=_no_constant,
        )
    except RecursionError:
        _too_deep()
    except json.JSONDecodeError as error:
        refuse(f"the plan file is not JSON: {error.msg} (line {error.lineno}, column {error.colno})")
    except ValueError as error:
        refuse(f"the plan file cannot be read: {error}")
    if not isinstance(value, dict):
        refuse("the plan file holds no plan: it is JSON, but not an object")
    _check_depth(value)
    return value


def _object(pairs: list[tuple[str, Any]]) -> JsonObject:
    """An object none of whose keys repeats: two programs would see two different plans."""
    value = dict(pairs)
    if len(value) < len(pairs):
        repeated, _ = Counter(key for key, _ in pairs).most_common(1)[0]
        raise ValueError(f"an object repeats the key {repeated[:40]!a}")
    return value


def _finite(text: str) -> float:
    value = float(text)
    if math.isinf(value):
        raise ValueError(f"the number {text[:40]} is too large")
    return value


def _no_constant(text: str) -> NoReturn:
    raise ValueError(f"{text} is not a JSON number")


def _check_depth(value: JsonObject) -> None:
    """Refuse what other stages could not walk by recursion, level by level so that this one does not recurse."""
    level: list[Any] = [value]
    for _ in range(_MAX_DEPTH):
        below = [child for node in level for child in (node.values() if isinstance(node, dict) else node)]
        level = [child for child in below if isinstance(child, (dict, list))]
        if not level:
            return
    _too_deep()


def _too_deep() -> NoReturn:
    refuse("the plan file cannot be read: its values are nested too deeply")


def _check_version(node: Node) -> None:
    version = node.value.get("formatVersion")
    if version != FORMAT_VERSION:
        found = "no formatVersion" if version is None else f"formatVersion {ascii(version)[:40]}"
        which = f"{node.way} " if node.way else "the file "
        refuse(
            f"the plan file cannot be read: {which}has {found}, and this version of the reconciler reads "
            f'formatVersion "{FORMAT_VERSION}" only'
        )


def _plan(node: Node) -> Plan:
    return Plan(
        tenant=node.text_or_null("tenant") or "",
        base_uri=node.text_or_null("baseUri") or "",
        as_of=node.text("asOf"),
        revision=node.text_or_none("revision"),
        dirty=node.flag_or_null("dirty"),
        base=node.text_or_none("base"),
        digest=node.text_or_none("digest"),
        unchanged=node.child("summary").count("unchanged"),
        changes=_changes(node),
        webhooks=tuple(_webhook(each) for each in node.children("webhooks")),
        unmanaged=tuple(_unmanaged(each) for each in node.children("unmanaged")),
        safety=tuple(_safety(each) for each in node.children("safety")),
        findings=tuple(_finding(each) for each in node.children("findings")),
    )


def _changes(node: Node) -> tuple[Change, ...]:
    changes = tuple(_change(each) for each in node.children("changes"))
    if len({(each.campaign_id, each.schedule_id) for each in changes}) < len(changes):
        refuse(f"the plan file cannot be read: {node.at('changes')} holds two changes of one schedule")
    return changes


def _change(node: Node) -> Change:
    request = node.child("request")
    change = Change(
        action=node.word("action", Action),
        campaign_id=node.text("campaignId"),
        schedule_id=node.text("scheduleId"),
        name=node.text("name"),
        request=Request(request.text("method"), request.text("path"), request.mapping("body")),
        fields=tuple(_field(each) for each in node.children("fields")),
        before=node.mapping_or_none("before"),
        fingerprint=node.text_or_none("fingerprint"),
        origin=node.word_or_none("origin", Origin),
        source=_location(node.child_or_none("source")),
    )
    _check_change(node, change)
    return change


def _check_change(node: Node, change: Change) -> None:
    """The digest covers body and fingerprint; what it does not cover must say the same."""
    body = change.request.body
    for key, value in (("id", change.schedule_id), ("campaignId", change.campaign_id)):
        if body.get(key, value) != value:
            refuse(f"the plan file cannot be read: {node.way} would write another schedule than it names")
    known = [each is not None for each in (change.before, change.fingerprint)]
    if known != [change.action is Action.UPDATE] * 2:
        article, rule = ("an", "needs") if change.action is Action.UPDATE else ("a", "has no")
        refuse(
            f"the plan file cannot be read: {node.way}: {article} {change.action} {rule} before and fingerprint"
        )


def _field(node: Node) -> FieldChange:
    return FieldChange(
        path=node.text("path"),
        live=node.value.get("live"),
        desired=node.value.get("desired"),
        origin=node.word_or_none("origin", Origin),
        source=_location(node.child_or_none("source")),
    )


def _location(node: Node | None) -> Location | None:
    if node is None:
        return None
    return Location(node.text("file"), node.count("line", least=1), node.count("column", least=1, default=1))


def _webhook(node: Node) -> Webhook:
    return Webhook(
        name=node.text("name"),
        url=node.text("url"),
        events=node.texts("events"),
        status=node.text_or_none("status") or "ENABLED",
    )


def _unmanaged(node: Node) -> Unmanaged:
    return Unmanaged(node.text("campaignId"), node.text("scheduleId"), node.text("name"))


def _safety(node: Node) -> SafetyCheck:
    return SafetyCheck(node.text("limit"), node.number("allowed"), node.number("actual"), node.flag("passed"))


def _finding(node: Node) -> Finding:
    placed = node.value.get("file") is not None
    return Finding(
        severity=node.word("severity", Severity),
        code=node.text("code"),
        message=node.text("message"),
        location=_location(node) if placed else None,
    )
