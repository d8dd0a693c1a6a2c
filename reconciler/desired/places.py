"""Where each value of a schedule stands: in its campaign file, or in the defaults.yaml that it came from.

A finding must point at the line that an operator has to change, and after the cascade no value remembers where it came
from; to keep a place beside each of them would double what 10,000 schedules need. So the way back is walked on demand: a
path is followed through the entry and all its defaults at once, by the rules of the cascade itself. Where mappings merge,
all of them are held on to, the deepest first; where anything else stands, it hides what is behind it. So the first that
is left is the one that wins. There are two exceptions: what a window lacks comes from the sections `window`, and the
closures of all layers are one list.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from ..findings import Location
from ..model import Path
from ..yaml import Document


@dataclass(frozen=True, slots=True)
class FilePlaces:
    """A `Places`: a document and the file it was read from, as shown to users."""

    file: str
    document: Document

    def locate(self, path: Path = (), *, key: bool = False) -> Location:
        """See `model.Places`."""
        line, column = self.document.place(path, key=key)
        return Location(self.file, line, column)


@dataclass(frozen=True, slots=True)
class _Holder:
    """A value somewhere: the document, the path there, and the value."""

    origin: FilePlaces
    path: Path
    value: Any

    def child(self, part: str | int) -> _Holder | None:
        value = self.value
        is_item = isinstance(value, list) and isinstance(part, int) and part < len(value)
        if is_item or (isinstance(value, dict) and part in value):
            return _Holder(self.origin, (*self.path, part), value[part])
        return None


@dataclass(frozen=True, slots=True)
class SchedulePlaces:
    """A `Places`: an entry of a campaign document, and the defaults behind it, the deepest first."""

    entry: FilePlaces
    defaults: tuple[FilePlaces, ...] = ()

    def locate(self, path: Path = (), *, key: bool = False) -> Location:
        """See `model.Places`."""
        holders = [_Holder(self.entry, (), self.entry.document.data), *self._fallbacks("schedule")]
        if path[:1] == ("closures",) and len(path) > 1:
            holders, path = _numbered(holders, path)
        for number, part in enumerate(path):
            below = [child for holder in holders if (child := holder.child(part))]
            if not below:
                return holders[0].origin.locate(holders[0].path)
            if path[0] == "scheduleDetails" and number == 1:
                holders = [below[0], *self._fallbacks("window")]
            else:
                holders = _winning(below)
        return holders[0].origin.locate(holders[0].path, key=key)

    def _fallbacks(self, name: str) -> list[_Holder]:
        return [
            _Holder(origin, (name,), origin.document.data[name])
            for origin in self.defaults
            if name in origin.document.data
        ]


def _numbered(holders: list[_Holder], path: Path) -> tuple[list[_Holder], Path]:
    """The layer that has the closure of a number, and the path from there."""
    number = int(path[1])
    for holder in holders:
        listed = holder.child("closures")
        count = len(listed.value) if listed is not None and isinstance(listed.value, list) else 0
        if number < count:
            return [holder], ("closures", number, *path[2:])
        number -= count
    return holders, path


def _winning(holders: list[_Holder]) -> list[_Holder]:
    """The holders that make the value: mappings merge up to the first that is none; of anything else the first."""
    return list(takewhile(lambda holder: isinstance(holder.value, dict), holders)) or holders[:1]
