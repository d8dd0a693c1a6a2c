"""The escapes: nothing invisible, nothing that leaves its place, and data that stays the same data."""

from __future__ import annotations

import json
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from reconciler.render import escape

ANY_TEXT = st.text() | st.text(st.characters(codec=None), max_size=20)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain é 🙂", "plain é 🙂"),
        ("a\nb\r\tc", r"a\nb\r\tc"),
        ("\x1b[31m\x00\x7f\x9b", r"\x1b[31m\x00\x7f\x9b"),
        ("\u202eevil\u2069\u200b\u2028", r"\u202eevil\u2069\u200b\u2028"),
        ("\ud83d alone", r"\ud83d alone"),
        ("\U000e0041", r"\U000e0041"),
        ("##[error]x ##VSO[y] # #[", r"\x23#[error]x \x23#VSO[y] # #["),
        ("::error::x", r"\x3a:error::x"),
        ("\u3000 ::error::x", "\u3000 \\x3a:error::x"),
        ("a ::b", "a ::b"),
    ],
)
def test_visible_shows_what_a_reader_would_not_see(text: str, shown: str) -> None:
    assert escape.visible(text) == shown


@given(text=ANY_TEXT)
def test_visible_leaves_one_line_that_any_encoding_of_unicode_can_write(text: str) -> None:
    shown = escape.visible(text)
    assert {unicodedata.category(char) for char in shown} <= {*ALLOWED_CATEGORIES}
    assert shown.splitlines() in ([], [shown])
    shown.encode("utf-8")
    assert escape.visible(shown) == shown


ALLOWED_CATEGORIES = (
    *("Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No"),
    *("Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So", "Zs", "Co", "Cn"),
)


def test_every_control_and_format_character_of_unicode_is_escaped() -> None:
    """The ranges in the module are written by hand, to be the same under every version of Python."""
    for point in range(0x110000):
        character = chr(point)
        if unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp", "Cs"):
            assert escape.visible(character).isascii(), hex(point)


@pytest.mark.parametrize(("text", "length"), [("a" * 30, 10), ("\u202e" * 30, 10), ("🙂" * 30, 10), ("short", 10)])
def test_clipped_is_no_longer_than_asked_and_says_that_it_was_cut(text: str, length: int) -> None:
    shown = escape.clipped(text, length)
    assert len(shown) <= length
    assert shown.endswith("…") == (len(text) > length)


@given(value=st.recursive(st.none() | ANY_TEXT, lambda inner: st.lists(inner) | st.dictionaries(ANY_TEXT, inner)))
def test_json_says_the_same_data_in_visible_characters(value: object) -> None:
    text = escape.json_text(value)
    # JSON itself joins two lone surrogates that stand together into one character.
    assert json.loads(text) == json.loads(json.dumps(value))
    assert text.endswith("\n")
    for line in text.splitlines():
        assert escape.visible(line) == line
    text.encode("utf-8")


def test_json_escapes_what_visible_escapes() -> None:
    assert escape.json_text("\x1b\x9b\u202e\ud800\U000e0041##[x é") == (
        '"\\u001b\\u009b\\u202e\\ud800\\udb40\\udc41\\u0023#[x é"\n'
    )


def test_json_refuses_what_is_no_json_number() -> None:
    with pytest.raises(ValueError, match="Out of range"):
        escape.json_text(float("nan"))


@given(text=ANY_TEXT)
def test_code_is_one_code_span_of_exactly_the_text(text: str) -> None:
    tokens = MarkdownIt("commonmark").parseInline(f"x {escape.code(text)} y")[0].children or []
    assert [token.type for token in tokens] == ["text", "code_inline", "text"]
    shown = escape.clipped(text, 200).replace("|", r"\x7c")
    if shown.strip(" "):
        assert tokens[1].content == shown
    else:
        assert tokens[1].content == (f"({len(shown)} blanks)" if shown else "(empty)")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("the end is before the start", "the end is before the start"),
        ("window '09:00' overlaps (hint: split it).", "window '09:00' overlaps (hint: split it)."),
        ("Fla. Stat. 501.616(6)(a), 08:00–20:00", "Fla. Stat. 501.616(6)(a), 08:00–20:00"),
        ("cc @org/team on #1 and deadbeef", "cc `@org/team` on `#1` and `deadbeef`"),
        ("see https://evil.example now", "see `https://evil.example` now"),
        ("GH-1 *bold* <b>&lt;", r"`GH-1` \*bold\* \<b\>\&lt;"),
        ("a|b :bomb: $x$", "a&#124;b `:bomb: $x$`"),
        ("5000 of 30 %, 1234567", "5000 of 30 %, `1234567`"),
        ("America/New_York, so", r"America/New\_York, so"),
        ("see #1.", "see `#1`."),
        ("write `id: S2` | and ` alone", "write `id: S2` &#124; and \\` alone"),
        ("- a", r"\- a"),
        ("12. b", r"12\. b"),
        ("", "`(empty)`"),
        ("   ", "`(3 blanks)`"),
    ],
)
def test_prose_reads_as_it_stands_and_puts_what_would_be_linked_into_code(text: str, shown: str) -> None:
    assert escape.prose(text) == shown


@given(text=ANY_TEXT | st.from_regex(r"[-+=@#*_`\[\]()<>!&;|~$a-z0-9 .:/\\]{0,40}", fullmatch=True))
def test_prose_is_nothing_but_text_and_code(text: str) -> None:
    """At the beginning of a paragraph, of an item and of a cell."""
    prose = escape.prose(text)
    for before in ("", "- ", "x "):
        tokens = MarkdownIt("commonmark", {"html": True}).enable(["strikethrough"]).parse(before + prose)
        assert [token.type for token in tokens if "list" not in token.type] == [
            "paragraph_open",
            "inline",
            "paragraph_close",
        ]
        assert sum(token.type == "list_item_open" for token in tokens) == (before == "- ")
        inline = next(token for token in tokens if token.type == "inline").children or []
        seen = "".join(token.content for token in inline)
        if text.strip(" "):
            assert seen.replace(r"\x7c", "|").replace(" ", "") == before.strip("- ") + escape.visible(text).replace(
                " ", ""
            )
        for token in inline:
            assert token.type in ("text", "code_inline")
            if token.type == "text":
                assert not re.search(
                    r"[@#$]|://|www\.|(?<![0-9a-z])[0-9a-f]{7}|[a-z]-[0-9]|:[a-z]+:", token.content, re.I | re.A
                )


@pytest.mark.parametrize(
    ("text", "message", "prop"),
    [
        ("50% off", "50%25 off", "50%25 off"),
        ("a\r\nb", r"a\r\nb", r"a\r\nb"),
        ("%0A::error::x", "%250A::error::x", "%250A%3A%3Aerror%3A%3Ax"),
        ("a:b,c", "a:b,c", "a%3Ab%2Cc"),
    ],
)
def test_workflow_commands_are_escaped(text: str, message: str, prop: str) -> None:
    assert escape.github_message(text) == message
    assert escape.github_property(text) == prop
