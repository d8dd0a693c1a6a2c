"""An entry of a list as the pattern of another one."""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from typing import Any

from ..yaml.scalars import restyled
from . import scan
from .edits import Page
from .emit import Raw
from .fields import TIMES, time_text
from .literals import literal
from .tree import Alias, Mapping, Node, Scalar, text_of


def copied_entry(page: Page, pattern: Mapping, values: AnyMapping[str, Any]) -> dict[str, Any]:
    """An entry with the keys, order and style of `pattern`, in which `values` differ; anchors are not repeated."""
    entry: dict[str, Any] = {}
    for key, node in pattern.pairs:
        name = str(text_of(key))
        written = Raw(page.text[scan.content(page.text, key) : key.end])
        if isinstance(key, Scalar):
            entry[written] = (
                _value(page, node, name, values[name]) if name in values else _copy(page.text, node)
            )
    own = {text_of(key) for key, _ in pattern.pairs}
    for name in values:
        if name not in own:
            entry[name] = time_text(values[name]) if name in TIMES else values[name]
    return entry


def _value(page: Page, node: Node, name: str, value: Any) -> Any:
    if name in TIMES:
        value = time_text(value, like=text_of(node) or "")
    if isinstance(node, Scalar) and not isinstance(value, list):
        old = page.text[scan.content(page.text, node) : node.end]
        return Raw(restyled(value, old, node.style))
    return value


def _copy(text: str, node: Node) -> Raw:
    return Raw(text[node.start : node.end] if isinstance(node, Alias) else literal(text, node))
