"""What of a live schedule goes into the body of a PUT, because a PUT replaces a schedule whole (design §5).

Fields that another system steers (`ignoreFields`) keep the live value; fields that git does not know but must not lose
(`preserveFields`) are carried over. Windows and blackouts are paired by their key. Everything here is pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from . import canonical, fields
from .model import JsonObject, LiveSchedule, Path

_SETS = ("scheduleDetails", "blackoutPeriods", "regulatoryPauses")


def update_body(
    content: JsonObject, live: LiveSchedule, ignored: tuple[Path, ...], preserved: tuple[Path, ...]
) -> JsonObject:
    """The PUT body that makes `live` equal to the desired `content`."""
    kept = keep_live(content, live.content, ignored)
    body = canonical.body(live.campaign_id, live.schedule_id, kept)
    return _with_extras(
        body, ((path, value) for path, value in live.extras if canonical.matches(path, preserved))
    )


def refreshed_body(planned: JsonObject, live: LiveSchedule, ignored: tuple[Path, ...]) -> JsonObject:
    """A planned PUT body with the ignored fields as live has them now."""
    return keep_live(planned, live.content, ignored)


def live_body(live: LiveSchedule) -> JsonObject:
    """All that is known of a live schedule, less what the tenant manages itself: what a PUT would replace."""
    body = canonical.body(live.campaign_id, live.schedule_id, live.content)
    return _with_extras(
        body, ((path, value) for path, value in live.extras if not fields.server_managed(path))
    )


def differing_fields(sent: JsonObject, live: LiveSchedule, ignored: tuple[Path, ...] = ()) -> tuple[str, ...]:
    """The fields of a sent body that live does not hold as they were sent, for people; empty when all is as sent.

    Fields that live has and nobody sent are the tenant's own and do not count.
    """
    body = canonical.body(live.campaign_id, live.schedule_id, live.content)
    held = canonical.keyed(_with_extras(body, live.extras))
    paths = _differing((), canonical.keyed(sent), held)
    return tuple(canonical.field_path(path) for path in paths if not canonical.matches(path, ignored))


def _differing(path: Path, sent: JsonObject, held: JsonObject) -> Iterator[Path]:
    for key in sorted({*sent, *(held if path and path[-1] in _SETS else ())}):
        below = (*path, key)
        one, other = sent.get(key), held.get(key)
        if isinstance(one, dict) and isinstance(other, dict):
            yield from _differing(below, one, other)
        elif one != other:
            yield below


def keep_live(content: JsonObject, live: JsonObject, ignored: tuple[Path, ...]) -> JsonObject:
    """`content` in which the ignored fields take the live value; the own value stays where live has none."""
    result = dict(content)
    for pattern in ignored:
        head, rest = str(pattern[0]), pattern[1:]
        if head not in live:
            continue
        if not rest:
            result[head] = live[head]
        elif isinstance(live[head], list):
            result[head] = _keep_in_items(head, result[head], live[head], str(rest[0]))
        else:
            result[head] = _keep_field(result[head], live[head], str(rest[0]))
    return result


def _keep_in_items(head: str, items: list[JsonObject], live: list[JsonObject], name: str) -> list[JsonObject]:
    by_key = dict(zip(canonical.item_keys(head, live), live, strict=True))
    pairs = zip(canonical.item_keys(head, items), items, strict=True)
    return [_keep_field(item, by_key[key], name) if key in by_key else item for key, item in pairs]


def _keep_field(item: JsonObject, live: JsonObject, name: str) -> JsonObject:
    return {**item, name: live[name]} if name in live else item


def _with_extras(body: JsonObject, extras: Iterable[tuple[Path, Any]]) -> JsonObject:
    result = dict(body)
    for path, value in extras:
        head = str(path[0])
        if len(path) == 1:
            result[head] = value
        elif isinstance(result[head], list):
            keys = canonical.item_keys(head, result[head])
            result[head] = [
                {**item, str(path[2]): value} if key == path[1] else item
                for key, item in zip(keys, result[head], strict=True)
            ]
        else:
            result[head] = {**result[head], str(path[1]): value}
    return result
