"""Campaign files as people write them, in any style that YAML allows: quotes, flow, anchors, comments, line ends.

A `Writer` says the same data in ways that depend on its random numbers alone. Every comment is different, so that a test
can tell which of them are still there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from random import Random
from typing import Any

from reconciler.model import JsonObject

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_]*(?:[ -][A-Za-z0-9_]+)*|[0-9]{2}:[0-9]{2}(?::[0-9]{2})?")
_UNPRINTED = re.compile("[\x7f-\x9f\u2028\u2029\ufeff]")
_NOT_PLAIN = ("true", "false", "null")


class Writer:
    """Writes documents of one file. `plain_style` keeps to block style without anchors, as an editor's user would."""

    def __init__(self, random: Random, *, plain_style: bool = False) -> None:
        self.random = random
        self.plain_style = plain_style
        self.comments: list[str] = []
        self.anchors: dict[str, str] = {}
        self.windows: list[tuple[str, JsonObject]] = []
        self.names = 0

    def document(self, data: JsonObject) -> list[str]:
        """The lines of one document."""
        self.anchors, self.windows = {}, []
        self.dash = self.random.choice([0, 2, 2, 4])
        self.gap = self.random.choice([1, 1, 1, 3])
        if not self.plain_style and self.random.random() < 0.08:
            return _json(data, self.random.choice([None, 2])).split("\n")
        return self._pairs(data, 0)

    def _chance(self, share: float) -> bool:
        return self.random.random() < share

    def _comment(self) -> str:
        text = f"# note {len(self.comments)}, [it] {{is}}: *mine"
        self.comments.append(text)
        return text

    def _own_line(self, column: int) -> list[str]:
        if self._chance(0.05):
            return [""]
        return [" " * self.random.choice([column, column, 0]) + self._comment()] if self._chance(0.08) else []

    def _tail(self) -> str:
        return f"  {self._comment()}" if self._chance(0.12) else ""

    def _name(self) -> str:
        self.names += 1
        return f"a{self.names}"

    def _pairs(self, data: Mapping[str, Any], column: int) -> list[str]:
        pairs = list(data.items())
        if self._chance(0.3):
            self.random.shuffle(pairs)
        return [line for key, value in pairs for line in self._pair(key, value, column)]

    def _pair(self, key: str, value: Any, column: int) -> list[str]:
        written = key if key == "<<" or self._chance(0.95) else json.dumps(key)
        start = f"{' ' * column}{written}:"
        before = self._own_line(column)
        block = isinstance(value, dict | list) and bool(value) and not self._in_flow(value)
        known = None if key in ("campaignId", "schedules", "<<") else self._known(value)
        if known is not None:
            return [*before, f"{start} *{known}{self._tail()}"]
        anchor = "" if key in ("campaignId", "schedules", "<<") else self._anchor(value)
        if not block:
            return [*before, *self._inline(f"{start}{anchor} ", value, column)]
        head = f"{start}{anchor}{self._tail()}"
        if isinstance(value, dict):
            return [*before, head, *self._pairs(value, column + 2)]
        return [*before, head, *self._items(value, column + self.dash)]

    def _items(self, items: list[Any], column: int) -> list[str]:
        lines = []
        for item in items:
            lines += self._own_line(column)
            lines += self._item(item, column)
        return lines

    def _item(self, item: Any, column: int) -> list[str]:
        start = f"{' ' * column}-{' ' * self.gap}"
        if not isinstance(item, dict) or self._in_flow(item):
            return self._inline(start, item, column)
        known = self._known(item)
        if known is not None and "name" not in item:
            return [f"{start}*{known}{self._tail()}"]
        item, anchor = self._merged(item), ""
        if not self.plain_style and "name" not in item and self._chance(0.2):
            name = self._name()
            anchor = f"&{name}"
            if "<<" not in item and "dayOfWeek" in item:
                self.windows.append((name, item))
        lines = self._pairs(item, column + 1 + self.gap)
        first = next((i for i, line in enumerate(lines) if line.strip() and not line.strip().startswith("#")), 0)
        if anchor:
            return [f"{start}{anchor}", *lines]
        head = [line for line in lines[:first] if line.strip()]
        return [*head, start + lines[first][len(start) :], *lines[first + 1 :]]

    def _merged(self, item: JsonObject) -> JsonObject:
        """A window as another one with what differs."""
        fitting = [(name, base) for name, base in self.windows if base.keys() <= item.keys()]
        if fitting and "dayOfWeek" in item and self._chance(0.5):
            name, base = self.random.choice(fitting)
            return {
                "<<": _Alias(name),
                **{key: value for key, value in item.items() if value != base.get(key)},
            }
        return item

    def _in_flow(self, value: Any) -> bool:
        if isinstance(value, list) and not any(isinstance(item, dict) for item in value):
            return self._chance(0.7)
        return not self.plain_style and self._chance(0.15)

    def _inline(self, start: str, value: Any, column: int) -> list[str]:
        if isinstance(value, list | dict) and len(value) > 1 and self._chance(0.2):
            return self._several_lines(start, value, column)
        return [f"{start}{self._flow(value)}{self._tail()}"]

    def _several_lines(self, start: str, value: Any, column: int) -> list[str]:
        deep = " " * (column + 5)
        if isinstance(value, dict):
            parts = [f"{key}: {self._flow(item)}" for key, item in value.items()]
        else:
            parts = [self._flow(item) for item in value]
        comma = "," if self._chance(0.3) else ""
        lines = [f"{deep}{part}," for part in parts[:-1]] + [f"{deep}{parts[-1]}{comma}"]
        brackets = "{}" if isinstance(value, dict) else "[]"
        return [start + brackets[0], *(line + self._tail() for line in lines), f"{deep[:-1]}{brackets[1]}"]

    def _flow(self, value: Any) -> str:
        if isinstance(value, dict):
            return "{" + ", ".join(f"{key}: {self._flow(item)}" for key, item in value.items()) + "}"
        if isinstance(value, list):
            return "[" + ", ".join(self._flow(item) for item in value) + "]"
        return self._scalar(value)

    def _scalar(self, value: Any) -> str:
        if isinstance(value, _Alias):
            return f"*{value.name}"
        if not isinstance(value, str):
            return json.dumps(value)
        styles = [_json(value)]
        if value.isprintable():
            styles.append("'" + value.replace("'", "''") + "'")
        if _PLAIN.fullmatch(value) and value.lower() not in _NOT_PLAIN:
            styles += [value] * 4
        return self.random.choice(styles)

    def _known(self, value: Any) -> str | None:
        key = json.dumps(value, sort_keys=True, default=str)
        return self.anchors[key] if key in self.anchors and self._chance(0.6) else None

    def _anchor(self, value: Any) -> str:
        if self.plain_style or value in ("", [], {}) or not self._chance(0.06):
            return ""
        name = self._name()
        self.anchors[json.dumps(value, sort_keys=True, default=str)] = name
        return f" &{name}"


class _Alias:
    """The value of a merge key."""

    def __init__(self, name: str) -> None:
        self.name = name


def _json(value: Any, indent: int | None = None) -> str:
    """JSON that is YAML too: what YAML does not print is escaped, what lies beyond 16 bits is not."""
    text = json.dumps(value, indent=indent, ensure_ascii=False)
    return _UNPRINTED.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def written(random: Random, documents: list[JsonObject], *, plain_style: bool = False) -> tuple[str, list[str]]:
    """A file with these documents, and the comments in it."""
    writer = Writer(random, plain_style=plain_style)
    blocks = [writer.document(document) for document in documents]
    lines = blocks[0] if random.random() < 0.7 else ["---", *blocks[0]]
    for block in blocks[1:]:
        lines += ["---", *block]
    newline = random.choice(["\n", "\n", "\r\n"])
    end = newline if random.random() < 0.9 else ""
    return newline.join(lines) + end, writer.comments
