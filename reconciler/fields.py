"""Which fields of a schedule count: those that `tenant.yaml` names, and those that a tenant manages itself (design §5).

A pattern of `ignoreFields` or `preserveFields` names a field without the keys of windows and blackouts,
`("scheduleDetails", "predictiveRate")`, and stands for everything below that field too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from .model import JsonObject, Path

KEYED_LISTS = frozenset({"scheduleDetails", "blackoutPeriods"})
Patterns = tuple[Path, ...]
Extra = tuple[Path, Any]

_ABSENT = object()
_EXACT = frozenset({"status", "version", "etag", "selfuri", "links"})
_DONE = "created|updated|modified"
_DOING = "create|creation|update|modify|modification"
_PART = "at|on|by|date|time|stamp|user|id|name|utc"
_STAMP = re.compile(
    rf"(?:last|date|time|user)_?(?:{_DONE}|{_DOING})(?:_?(?:{_PART}))*"
    rf"|(?:{_DONE})(?:_?(?:{_PART}))*"
    rf"|(?:{_DOING})(?:_?(?:{_PART}))+"
)


def plain(path: Path) -> Path:
    """A keyed path without the key of the window or blackout: the name that people know the field by."""
    return (path[0], *path[2:]) if len(path) > 1 and path[0] in KEYED_LISTS else path


def covers(patterns: Patterns, path: Path) -> bool:
    """Whether a keyed path is, or lies below, one of the patterns' fields."""
    return () in _below(patterns, path)


def without(content: JsonObject, patterns: Patterns) -> JsonObject:
    """A schedule's content or body less the fields that `patterns` name, for comparison, fingerprint and digest."""
    left = _part(content, patterns, named=False)
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
    return name in _EXACT or _STAMP.fullmatch(name) is not None


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
