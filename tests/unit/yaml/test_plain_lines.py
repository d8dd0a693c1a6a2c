"""The shorter way to read a file says what the composer says, or nothing."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reconciler.yaml.composer import compose
from reconciler.yaml.plain_lines import NotPlainError, read_plain

FILE = """\
# yaml-language-server: $schema=../schemas/campaign.schema.json
campaignId: CAM_001   # the first – of two
schedules:
- name: Mañana (East), 9-5
  jurisdictions: [US-NC, "US-FL"]
  timezone: America/New_York

  scheduleDetails:
    - dayOfWeek: [MONDAY, TUESDAY]
      startTime: "09:00"
      endTime: 17:00:30
      predictiveRate: 1.2
      maxCallsPerDay: 0x1F
  closures:
    - {date: 2026-11-26, reason: Thanksgiving Day, startTime: 13:00}
    - {}
  notes:
      - 'it''s'
      - []
      - true
      - https://example.com:80/a?b
---
campaignId: CAM_002
schedules: [ ]
"""


def as_read(documents: Any) -> Any:
    """Data with the type of each scalar and the order of each key, and the marks."""

    def exact(value: Any) -> Any:
        if isinstance(value, dict):
            return [(key, exact(item)) for key, item in value.items()]
        return [exact(item) for item in value] if isinstance(value, list) else (type(value).__name__, value)

    return [(exact(document.data), list(document.marks)) for document in documents]


def agrees(text: str) -> bool:
    """Whether a text is read by lines, which must then be what the composer reads."""
    data = text.encode("utf-8", "surrogatepass")
    try:
        documents = read_plain(data, {})
    except NotPlainError:
        return False
    whole = compose(data)
    if documents:
        assert whole.faults == ()
    assert as_read(documents) == as_read(whole.documents)
    return True


def test_an_ordinary_file_is_read_by_lines() -> None:
    assert agrees(FILE.replace("it''s", "its"))


@pytest.mark.parametrize(
    "text",
    [
        "a: &x 1",
        "a: *x",
        "a: !!str 1",
        "a:",
        "a:\nb: 1",
        "a: 1\na: 2",
        "a: {b: 1, b: 2}",
        "a: |\n  b",
        "a: b\n  c",
        'a: "\\n"',
        "a: 'it''s'",
        "a:\tb",
        "a: b\r\n",
        "- a",
        "a",
        "a: [b,\n  c]",
        "a: [[b]]",
        "<<: 1",
        "? a",
        "a: 1\n b: 2",
        "a:\n  - b\n - c",
        "%YAML 1.1\n---\na: 1",
        "a: 1\n...",
        "\ufeffa: 1",
        "a: \u2028",
        "a: b: c",
        "a: [a b: c]",
        f"{'a' * 1100}: 1",
        "\n".join(f"{' ' * depth}a:" for depth in range(70)) + " 1",
        "a:\n" + "- 1\n" * 450_000,
        "a:\n" + "- 1\n" * 1_200_000,
    ],
)
def test_what_is_not_certain_is_left_to_the_composer(text: str) -> None:
    assert not agrees(text)


PIECES = (
    *(
        "a",
        "b:",
        "c: 1",
        "- ",
        "-",
        " ",
        "  ",
        "\n",
        "\n  ",
        "\n- ",
        "\n  - ",
        "\nx: ",
        "\n  y: ",
        '"q"',
        "'s'",
        "[a, b]",
    ),
    *(
        "{k: v}",
        "{k: 09:00, l: 'x'}",
        "# c",
        " # c",
        "---",
        "\n---\n",
        "w w",
        "1.5",
        "-3",
        "a:b",
        "[ ]",
        "{ }",
        ",",
        "(x)",
    ),
    *(
        "x'y",
        "a - b",
        "<<: ",
        "null",
        "true",
        "+1",
        ".5",
        "...",
        "\t",
        "\r",
        "é",
        "–",
        "\u2028",
        "|",
        ">",
        "&a ",
        "*a",
        "!",
    ),
    *("%", "?", "@", "`", "\\", "0x1f", "1e3", "=", "[http://x.y:80/z]", "'", '"', "[", "]", "{", "}", ": ", ":"),
)


@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
@example("a:\n- b\nc: d")
@example("a: [-1, .5]")
def test_any_text_of_pieces(text: str) -> None:
    agrees(text)


@given(st.data())
def test_any_slip_of_the_hand(data: st.DataObject) -> None:
    lines = FILE.splitlines(keepends=True)
    first = data.draw(st.integers(0, len(lines) - 1))
    text = "".join(lines[first : first + data.draw(st.integers(1, len(lines)))])
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(text)))
        text = text[:at] + data.draw(st.sampled_from(PIECES)) + text[at + data.draw(st.integers(0, 3)) :]
    agrees(text)
