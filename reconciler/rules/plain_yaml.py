"""YAML of mappings, sequences, aliases and text, composed straight from libyaml's events.

For the package's own data only, which nearly every run reads: a quarter of the time that a general loader takes,
because nothing is guessed about scalars. What users write is read by `reconciler.desired`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from yaml._yaml import CParser
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)


def compose(document: bytes) -> Any:
    """The one document as dicts, lists and strings; nodes with an alias are shared."""
    return _Composer(document).document()


class _Composer:
    def __init__(self, document: bytes) -> None:
        self._next: Callable[[], Any] = CParser(document).get_event
        self._anchors: dict[str, Any] = {}

    def document(self) -> Any:
        while not isinstance(self._next(), DocumentStartEvent):
            pass
        return self._node(self._next())

    def _node(self, event: Any) -> Any:
        if isinstance(event, AliasEvent):
            return self._anchors[str(event.anchor)]
        value: Any = event.value if isinstance(event, ScalarEvent) else self._collection(event)
        if event.anchor is not None:
            self._anchors[event.anchor] = value
        return value

    def _collection(self, event: Any) -> Any:
        if isinstance(event, SequenceStartEvent):
            items = []
            while not isinstance(event := self._next(), SequenceEndEvent):
                items.append(self._node(event))
            return items
        fields = {}
        while not isinstance(event := self._next(), MappingEndEvent):
            key = self._node(event)
            if key in fields:
                raise ValueError(f"line {event.start_mark.line + 1} repeats the key {key!r}")
            fields[key] = self._node(self._next())
        return fields
