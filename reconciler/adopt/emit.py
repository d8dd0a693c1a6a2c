"""Plain data as YAML lines, in the layout of the file that they go into.

Mappings are written as blocks, lists of plain values on one line, and small mappings in a list (a pause of the day) on
one line each: as a person would write a campaign file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..yaml.scalars import quoted, scalar_text

_SMALL = 4


class Raw(str):
    """A key or value that is YAML already, copied from the file."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file is laid out: its line ends, the columns from a key to the dashes of its list, and from a dash to the
    keys of its item."""

    newline: str = "\n"
    dash: int = 2
    key: int = 2


def mapping_lines(data: Mapping[str, Any], column: int, layout: Layout) -> list[str]:
    """A mapping whose keys stand at `column`."""
    return [line for key, value in data.items() for line in pair_lines(key, value, column, layout)]


def pair_lines(key: str, value: Any, column: int, layout: Layout) -> list[str]:
    """A key at `column`, with its value."""
    start = f"{' ' * column}{_text(key)}:"
    if isinstance(value, Mapping) and value:
        return [start, *mapping_lines(value, column + 2, layout)]
    if isinstance(value, list) and any(isinstance(each, Mapping) for each in value):
        return [start, *sequence_lines(value, column + layout.dash, layout)]
    return [f"{start} {flow(value)}"]


def sequence_lines(items: list[Any], column: int, layout: Layout) -> list[str]:
    """A list whose dashes stand at `column`."""
    return [line for item in items for line in item_lines(item, column, column + layout.key, layout)]


def item_lines(
    item: Any, dash: int, column: int, layout: Layout, *, one_line: bool | None = None
) -> list[str]:
    """An item of a list, with its dash, and its keys at `column`; on one line if it is small, or as is said."""
    small = isinstance(item, Mapping) and len(item) <= _SMALL
    if not isinstance(item, Mapping) or (small if one_line is None else one_line):
        return [f"{' ' * dash}-{' ' * (column - dash - 1)}{flow(item)}"]
    lines = mapping_lines(item, column, layout)
    return [f"{' ' * dash}-{lines[0][dash + 1 :]}", *lines[1:]]


def flow(value: Any, *, as_json: bool = False) -> str:
    """Any value on one line; `as_json` quotes keys and texts as JSON does."""
    if isinstance(value, Mapping):
        pairs = (
            f"{_text(key, as_json=as_json)}: {flow(each, as_json=as_json)}" for key, each in value.items()
        )
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow(each, as_json=as_json) for each in value) + "]"
    return _text(value, as_json=as_json)


def _text(value: Any, *, as_json: bool = False) -> str:
    if isinstance(value, Raw):
        return str(value)
    return quoted(value) if as_json and isinstance(value, str) else scalar_text(value)
