"""An entry in the style of another one."""

from __future__ import annotations

from reconciler.importing.edit.nodes import MappingNode
from reconciler.importing.edit.page import flow_text
from reconciler.importing.edit.values import copied_entry
from tests.support.pages import list_at, page_of


def test_keys_order_and_style_are_those_of_the_pattern() -> None:
    page, root = page_of(
        "b: &base {x: 1}\nk:\n  - \"endTime\": '17:00:00'  # c\n    <<: *base\n    cap: &cap 0x10\n    day: [A, B]\n    list: [a,  b]\n"
    )
    (pattern,) = list_at(root, "k").items
    assert isinstance(pattern, MappingNode)
    entry = copied_entry(page, pattern, {"day": "A", "endTime": "16:00:00", "startTime": "09:00:00", "x": 2})
    assert flow_text(entry) == (
        '{"endTime": \'16:00:00\', <<: *base, cap: 0x10, day: A, list: [a, b], startTime: "09:00", x: 2}'
    )
