"""What a document still tells where its schema refuses parts of it.

One mistake must not hide the others, so what is valid by itself is checked all the same. A part that is not takes the
value UNKNOWN, which shadows the defaults as the right value would: nobody may judge what stands there in its place.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import Any

from ..model import Path
from .wording import Problem


class Unknown(Enum):
    """The one value that is not known."""

    UNKNOWN = "unknown"


UNKNOWN = Unknown.UNKNOWN


def known(data: Any, problems: Iterable[Problem]) -> Any:
    """`data` less what the problems are about: UNKNOWN for values, nothing for keys that no schema knows. A field that is
    just missing stays missing. `data` itself is not changed."""
    for problem in problems:
        if problem.at_key:
            data = _changed(
                data, problem.path[:-1], lambda holder, key=problem.path[-1]: _without(holder, key)
            )
        elif not problem.lacks:
            data = _changed(data, problem.path, lambda _: UNKNOWN)
    return data


def blurred(data: Any, problems: Iterable[Problem]) -> Any:
    """`data` with UNKNOWN for each field that is missing where an unknown key may stand for it: `timezon: UTC` says
    something about the time zone, and a default in its place would not be what was meant."""
    for problem in problems:
        if problem.meant:
            data = _changed(
                data, problem.path[:-1], lambda holder, field=problem.meant: {field: UNKNOWN, **holder}
            )
    return data


def without_unknown(data: Any) -> Any:
    """The same with all that is UNKNOWN left out."""
    if isinstance(data, dict):
        return {key: without_unknown(each) for key, each in data.items() if each is not UNKNOWN}
    return [without_unknown(each) for each in data if each is not UNKNOWN] if isinstance(data, list) else data


def _without(holder: dict[str, Any], key: str | int) -> dict[str, Any]:
    return {name: each for name, each in holder.items() if name != key}


def _changed(data: Any, path: Path, change: Any) -> Any:
    """`data` with the value at `path` changed; unchanged where something above it is unknown already."""
    if data is UNKNOWN:
        return data
    if not path:
        return change(data)
    part, rest = path[0], path[1:]
    if isinstance(data, dict):
        return {**data, part: _changed(data[part], rest, change)} if part in data else data
    copy = list(data)
    copy[int(part)] = _changed(copy[int(part)], rest, change)
    return copy
