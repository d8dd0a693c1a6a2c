"""Where each value of a schedule stands: in its campaign file, or in the defaults.yaml that it came from.

A finding must point at the line that an operator has to change, and after the cascade no value remembers where it came
from; to keep a place beside each of them would double what 10,000 schedules need. So the way back is walked on demand: a
path is followed through the entry and all its defaults at once, by the rules of the cascade itself. Where mappings merge,
all of them are held on to, the deepest first; where anything else stands, it hides what is behind it. So the first that
is left is the one that wins. There are two exceptions: what a window lacks comes from the sections `window`, and the
closures of all layers are one list.
"""

from __future__ import annotations

from itertools import takewhile
from typing import Any, NamedTuple

from ..findings import Location
from ..model import Path
from ..yaml import Document


class FilePlaces(NamedTuple):
    """A `Places`: a document and the file it was read from, as shown to users."""

    file: str
    document: Document

    def locate(self, path: Path = (), *, key: bool = False) -> Location:
        """See `model.Places`."""
        line, column = self.document.place(path, key=key)
        return Location(self.file, line, column)


_Holder = tuple[FilePlaces, Path, Any]
"""A value somewhere: the document, the path there, and the value."""


class SchedulePlaces(NamedTuple):
    """A `Places`: an entry of a campaign document, and the defaults behind it, the deepest first."""

    entry: FilePlaces
    defaults: tuple[FilePlaces, ...] = ()

    def locate(self, path: Path = (), *, key: bool = False) -> Location:
        """See `model.Places`."""
        holders = [(self.entry, (), self.entry.document.data), *self._fallbacks("schedule")]
        if path[:1] == ("closures",) and len(path) > 1:
            holders, path = _numbered(holders, path)
        for number, part in enumerate(path):
            below: list[_Holder] = [
                (origin, (*at, part), value[part])
                for origin, at, value in holders
                if part in (value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ())
            ]
            if not below:
                origin, at, _ = holders[0]
                return origin.locate(at)
            if path[0] == "scheduleDetails" and number == 1:
                holders = [below[0], *self._fallbacks("window")]
            else:  # mappings merge up to the first value that is none; of anything else the first wins
                holders = list(takewhile(lambda holder: isinstance(holder[2], dict), below)) or below[:1]
        origin, at, _ = holders[0]
        return origin.locate(at, key=key)

    def _fallbacks(self, name: str) -> list[_Holder]:
        documents = ((origin, origin.document.data) for origin in self.defaults)
        return [(origin, (name,), data[name]) for origin, data in documents if name in data]


def _numbered(holders: list[_Holder], path: Path) -> tuple[list[_Holder], Path]:
    """The layer that has the closure of a number, and the path from there."""
    number = int(path[1])
    for origin, at, value in holders:
        listed = value.get("closures") if isinstance(value, dict) else None
        count = len(listed) if isinstance(listed, list) else 0
        if number < count:
            return [(origin, at, value)], ("closures", number, *path[2:])
        number -= count
    return holders, path
