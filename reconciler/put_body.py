"""The body of a PUT, and which fields of a schedule count for it.

A PUT replaces a schedule whole, so what git does not hold must come from live or be lost: fields that another system
steers (`ignoreFields`) keep the live value, fields that git does not know but must not lose (`preserveFields`) are carried
over, and those that the tenant manages itself are left out. Windows and blackouts are paired by their key. All is pure.

A pattern of `ignoreFields` or `preserveFields` names a field without the keys of windows and blackouts,
`("scheduleDetails", "predictiveRate")`, and stands for everything below that field too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from . import canonical
from .canonical import KEYED_LISTS
from .model import CampaignLive, JsonObject, LiveSchedule, Path

Patterns = tuple[Path, ...]
Extra = tuple[Path, Any]

_ABSENT = object()
_EXACT = frozenset({"status", "version", "etag", "selfuri", "links"})
_DONE = "created|updated|modified"
_DOING = "create|creation|update|modify|modification"
_PART = "at|on|by|date|time|stamp|user|id|name|utc"
_STAMP = (
    rf"(?:last|date|time|user)_?(?:{_DONE}|{_DOING})(?:_?(?:{_PART}))*"
    rf"|(?:{_DONE})(?:_?(?:{_PART}))*"
    rf"|(?:{_DOING})(?:_?(?:{_PART}))+"
)
_SETS = ("scheduleDetails", "blackoutPeriods", "regulatoryPauses")


def update_body(content: JsonObject, live: LiveSchedule, ignored: Patterns, preserved: Patterns) -> JsonObject:
    """The PUT body that makes `live` equal to the desired `content`."""
    body = canonical.body(live.campaign_id, live.schedule_id, kept(content, live.content, ignored))
    return _with_extras(body, selected(live.extras, (*ignored, *preserved)))


def refreshed_body(planned: JsonObject, live: LiveSchedule, ignored: Patterns, preserved: Patterns) -> JsonObject:
    """A planned PUT body with what it carries from live as live is now; `live` is still what the plan saw otherwise."""
    return update_body(canonical.content_of(planned), live, ignored, preserved)


def live_body(live: LiveSchedule) -> JsonObject:
    """All that is known of a live schedule, less what the tenant manages itself: what a PUT would replace."""
    body = canonical.body(live.campaign_id, live.schedule_id, live.content)
    return _with_extras(body, (extra for extra in live.extras if not server_managed(extra[0])))


def differing_fields(sent: JsonObject, live: LiveSchedule, ignored: Patterns = ()) -> tuple[str, ...]:
    """The fields of a sent body that live does not hold as they were sent, for people; empty when all is as sent.

    Fields that live has and the body lacks are the tenant's own and do not count.
    """
    body = canonical.body(live.campaign_id, live.schedule_id, live.content)
    held = canonical.keyed(_with_extras(body, live.extras))
    paths = sorted(_differing((), canonical.keyed(sent), held), key=canonical.path_order)
    return tuple(canonical.field_path(path) for path in paths if not covers(ignored, path))


def fingerprint(live: LiveSchedule, ignored: Patterns, preserved: Patterns) -> str:
    """What a live schedule was when it was read: its canonical content less `ignored`, with the `preserved` extras.

    Preserved extras count, because a PUT carries them: an edit of one of them must not be overwritten with an old value.
    """
    kept = unselected(selected(live.extras, preserved), ignored)
    extras = [[list(path), canonical.numbers(value)] for path, value in kept]
    return canonical.digest([live.campaign_id, live.schedule_id, without(live.content, ignored), extras])


def campaign_fingerprint(live: CampaignLive, ignored: Patterns, preserved: Patterns) -> str:
    """What a campaign held when it was read: the fingerprints of all its schedules, those that git does not name too, and their
    names where a PUT carries none and these are ignored: entries without an id find them by name."""
    nameless = covers(ignored, ("name",))
    held = (
        fingerprint(schedule, ignored, preserved) + (schedule.name if nameless else "") for schedule in live.schedules
    )
    return canonical.digest(sorted(held))


def plain(path: Path) -> Path:
    """A keyed path without the key of the window or blackout: the name that people know the field by."""
    return (path[0], *path[2:]) if len(path) > 1 and path[0] in KEYED_LISTS else path


def covers(patterns: Patterns, path: Path) -> bool:
    """Whether a keyed path is, or lies below, one of the patterns' fields."""
    return () in _below(patterns, path)


def without(content: JsonObject, patterns: Patterns) -> JsonObject:
    """A schedule's content or body less the fields that `patterns` name, for comparison, fingerprint and digest."""
    left = _part(content, patterns, named=False) if patterns else content
    return {} if left is _ABSENT else left


def selected(extras: Iterable[Extra], patterns: Patterns) -> Iterator[Extra]:
    """The extras, by keyed path, that `patterns` name; of a value that is named in part, that part."""
    for path, value in extras:
        part = _part(value, _below(patterns, path), named=True)
        if part is not _ABSENT:
            yield path, part


def unselected(extras: Iterable[Extra], patterns: Patterns) -> Iterator[Extra]:
    """What `selected` leaves of the extras."""
    for path, value in extras:
        part = _part(value, _below(patterns, path), named=False)
        if part is not _ABSENT:
            yield path, part


def server_managed(path: Path) -> bool:
    """Whether the field at a path is one of the well-known server-managed ones: status, version, etag, links, and when
    and by whom something was created, updated or modified."""
    name = str(path[-1]).removeprefix("_").lower()
    return name in _EXACT or re.fullmatch(_STAMP, name) is not None


def _differing(path: Path, sent: JsonObject, held: JsonObject) -> Iterator[Path]:
    for key in {*sent, *(held if path and path[-1] in _SETS else ())}:
        below = (*path, key)
        one, other = sent.get(key), held.get(key)
        if isinstance(one, dict) and isinstance(other, dict):
            yield from _differing(below, one, other)
        elif one != other:
            yield below


def kept(content: JsonObject, live: JsonObject, ignored: Patterns) -> JsonObject:
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
    if head not in KEYED_LISTS:
        return own
    there = dict(zip(canonical.item_keys(head, live[head]), live[head], strict=True))
    pairs = zip(canonical.item_keys(head, own[head]), own[head], strict=True)
    return {
        **own,
        head: [_replaced(item, there[key], rest) if key in there else item for key, item in pairs],
    }


def _with_extras(body: JsonObject, extras: Iterable[Extra]) -> JsonObject:
    """The body with the extras at their keyed paths; those of windows and blackouts that it does not have are left out."""
    added: dict[Path, JsonObject] = {}
    for path, value in extras:
        added.setdefault(path[:-1], {})[str(path[-1])] = canonical.numbers(value)
    result = {**body, **added.pop((), {})}
    for head in {str(holder[0]) for holder in added}:
        result[head] = _added_to(head, result[head], added)
    return result


def _added_to(head: str, value: Any, added: dict[Path, JsonObject]) -> Any:
    if head not in KEYED_LISTS:
        return {**value, **added[(head,)]}
    keys = canonical.item_keys(head, value)
    return [{**item, **added.get((head, key), {})} for key, item in zip(keys, value, strict=True)]


def _part(value: Any, patterns: Patterns, *, named: bool) -> Any:
    """What the patterns name of a value, or with `named` False what they do not; _ABSENT where that is nothing."""
    if () in patterns:
        return value if named else _ABSENT
    if not patterns or not value or not isinstance(value, dict | list):
        return _ABSENT if named else value
    if isinstance(value, list):
        items = [_part(item, patterns, named=named) for item in value]
        return [item for item in items if item is not _ABSENT] or _ABSENT
    parts = dict.fromkeys(value, _ABSENT) if named else dict(value)
    for key in {pattern[0] for pattern in patterns} & value.keys():
        parts[key] = _part(value[key], _step(patterns, key), named=named)
    return {key: item for key, item in parts.items() if item is not _ABSENT} or _ABSENT


def _below(patterns: Patterns, path: Path) -> Patterns:
    """The patterns as seen from a keyed path; `()` stands for all that is there."""
    for part in plain(path):
        if not patterns or () in patterns:
            break
        patterns = _step(patterns, part)
    return patterns


def _step(patterns: Patterns, part: str | int) -> Patterns:
    return tuple(pattern[1:] for pattern in patterns if pattern[0] == part)
