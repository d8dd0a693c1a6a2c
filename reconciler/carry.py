"""What of a live schedule goes into the body of a PUT, because a PUT replaces a schedule whole (design §5).

Fields that another system steers (`ignoreFields`) keep the live value; fields that git does not know but must not lose
(`preserveFields`) are carried over. Windows and blackouts are paired by their key. Everything here is pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from . import canonical, fields
from .fields import Patterns
from .model import JsonObject, LiveSchedule, Path

_SETS = ("scheduleDetails", "blackoutPeriods", "regulatoryPauses")


def update_body(
    content: JsonObject, live: LiveSchedule, ignored: Patterns, preserved: Patterns
) -> JsonObject:
    """The PUT body that makes `live` equal to the desired `content`."""
    body = canonical.body(live.campaign_id, live.schedule_id, _kept(content, live.content, ignored))
    return _with_extras(body, fields.selected(live.extras, (*ignored, *preserved)))


def refreshed_body(
    planned: JsonObject, live: LiveSchedule, ignored: Patterns, preserved: Patterns
) -> JsonObject:
    """A planned PUT body with what it carries from live as live is now; `live` is still what the plan saw otherwise."""
    content = canonical.content(
        planned["name"],
        planned["timezone"],
        planned["scheduleDetails"],
        planned["blackoutPeriods"],
        planned["complianceRules"],
    )
    return update_body(content, live, ignored, preserved)


def live_body(live: LiveSchedule) -> JsonObject:
    """All that is known of a live schedule, less what the tenant manages itself: what a PUT would replace."""
    body = canonical.body(live.campaign_id, live.schedule_id, live.content)
    return _with_extras(body, (extra for extra in live.extras if not fields.server_managed(extra[0])))


def differing_fields(sent: JsonObject, live: LiveSchedule, ignored: Patterns = ()) -> tuple[str, ...]:
    """The fields of a sent body that live does not hold as they were sent, for people; empty when all is as sent.

    Fields that live has and nobody sent are the tenant's own and do not count.
    """
    body = canonical.body(live.campaign_id, live.schedule_id, live.content)
    held = canonical.keyed(_with_extras(body, live.extras))
    paths = sorted(_differing((), canonical.keyed(sent), held), key=canonical.path_order)
    return tuple(canonical.field_path(path) for path in paths if not fields.covers(ignored, path))


def _differing(path: Path, sent: JsonObject, held: JsonObject) -> Iterator[Path]:
    for key in {*sent, *(held if path and path[-1] in _SETS else ())}:
        below = (*path, key)
        one, other = sent.get(key), held.get(key)
        if isinstance(one, dict) and isinstance(other, dict):
            yield from _differing(below, one, other)
        elif one != other:
            yield below


def _kept(content: JsonObject, live: JsonObject, ignored: Patterns) -> JsonObject:
    """`content` in which the ignored fields take the live value; the own value stays where live has none."""
    result = dict(content)
    for path in ignored:
        result = _replaced(result, live, path)
    return result


def _replaced(own: JsonObject, live: JsonObject, path: Path) -> JsonObject:
    """`own` with the live value at a plain path, in every window or blackout that both have."""
    head, rest = str(path[0]), path[1:]
    if head not in live:
        return own
    if not rest:
        return {**own, head: live[head]}
    if isinstance(live[head], dict):
        return {**own, head: _replaced(own[head], live[head], rest)}
    if head not in fields.KEYED_LISTS:
        return own
    there = dict(zip(canonical.item_keys(head, live[head]), live[head], strict=True))
    pairs = zip(canonical.item_keys(head, own[head]), own[head], strict=True)
    return {
        **own,
        head: [_replaced(item, there[key], rest) if key in there else item for key, item in pairs],
    }


def _with_extras(body: JsonObject, extras: Iterable[fields.Extra]) -> JsonObject:
    """The body with the extras at their keyed paths; those of windows and blackouts that it does not have are left out."""
    added: dict[Path, JsonObject] = {}
    for path, value in extras:
        added.setdefault(path[:-1], {})[str(path[-1])] = canonical.numbers(value)
    result = {**body, **added.pop((), {})}
    for head in {str(holder[0]) for holder in added}:
        result[head] = _added_to(head, result[head], added)
    return result


def _added_to(head: str, value: Any, added: dict[Path, JsonObject]) -> Any:
    if head not in fields.KEYED_LISTS:
        return {**value, **added[(head,)]}
    keys = canonical.item_keys(head, value)
    return [{**item, **added.get((head, key), {})} for key, item in zip(keys, value, strict=True)]
