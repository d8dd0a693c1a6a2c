"""`defaults.yaml`: what a folder gives to the schedules below it (design §3).

The cascade runs from the source's root down. A deeper file wins over a shallower one and the schedule wins over all;
mappings merge, lists replace. Where a value came from stays known, because a finding must point at it.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..model import JsonObject, Location, Path
from .documents import Document


@dataclass(frozen=True, slots=True)
class Origin:
    """A `Places`: a document and the file it was read from, as shown to users."""

    file: str
    document: Document

    def locate(self, path: Path = (), *, key: bool = False) -> Location:
        """See `model.Places`."""
        line, column = self.document.place(path, key=key)
        return Location(self.file, line, column)


@dataclass(frozen=True, slots=True)
class Layer:
    """What one defaults.yaml gives, and where it stands. `broken` says that something is wrong with it: what it fails to
    tell is UNKNOWN, and there is no `origin` where nothing can be told."""

    schedule: JsonObject
    window: JsonObject
    origin: Origin | None
    broken: bool = False


@dataclass(frozen=True, slots=True)
class Defaults:
    """What the schedules of one folder get: merged, and the files it came from, the deepest first.

    `broken` says that something is wrong with one of the files, so that no schedule below may be planned.
    """

    schedule: JsonObject
    window: JsonObject
    origins: tuple[Origin, ...] = ()
    broken: bool = False


_NONE = Defaults({}, {})


def cascade(layers: Mapping[str, Layer], folder: str) -> Defaults:
    """The defaults of `folder`; `layers` maps each folder that has a defaults.yaml to what that gives."""
    result = _NONE
    for each in folders_down_to(folder):
        if each in layers:
            result = _below(result, layers[each])
    return result


def folders_down_to(folder: str) -> tuple[str, ...]:
    """The root, and every folder from there down to `folder`."""
    found = [folder]
    while folder:
        folder = posixpath.dirname(folder)
        found.append(folder)
    return tuple(reversed(found))


def merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> JsonObject:
    """`over` upon `base`: mappings merge, anything else is replaced."""
    result = {**base, **over}
    for key in base.keys() & over.keys():
        if isinstance(base[key], dict) and isinstance(over[key], dict):
            result[key] = merged(base[key], over[key])
    return result


def _below(above: Defaults, layer: Layer) -> Defaults:
    return Defaults(
        merged(above.schedule, layer.schedule),
        merged(above.window, layer.window),
        above.origins if layer.origin is None else (layer.origin, *above.origins),
        above.broken or layer.broken,
    )
