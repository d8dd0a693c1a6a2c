"""Which fields of a live schedule the tenant manages itself, so that nobody is told of their loss (design §5)."""

from __future__ import annotations

import re

from .model import Path

_KEYED = ("scheduleDetails", "blackoutPeriods")
_EXACT = frozenset({"status", "version", "etag", "_etag", "selfUri", "links", "_links"})
_STAMP = re.compile(
    r"(?:last|date|time|user)?_?(?:created?|updated?|modif(?:ied|y))(?:_?(?:at|on|by|date|time|stamp|user|id|name|utc))*",
    re.IGNORECASE | re.ASCII,
)


def plain(path: Path) -> Path:
    """A keyed path without the key of the window or blackout: the name that people know the field by."""
    return tuple(part for index, part in enumerate(path) if not (index == 1 and path[0] in _KEYED))


def server_managed(path: Path) -> bool:
    """Whether the field at a keyed path is one of the well-known server-managed ones: status, version, etag, links,
    and when and by whom something was created, updated or modified."""
    name = str(path[-1])
    return name in _EXACT or _STAMP.fullmatch(name) is not None
