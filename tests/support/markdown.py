"""What a comment must be, whatever a file or a tenant holds: bounded, balanced, and this program's own Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

from reconciler.render.comment_size import LIMIT, units

GITHUB_LIMIT = 65_536
PARSER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
OPENING = re.compile(r"<details><summary>[A-Za-z0-9 ,]+</summary>\n")
CLOSING = "</details>\n"
OWN_INLINE = {"text", "code_inline", "softbreak", "strong_open", "strong_close", "em_open", "em_close", "html_inline"}
OWN_BLOCKS = {
    *("inline", "html_block", "fence", "heading_open", "heading_close", "paragraph_open", "paragraph_close"),
    *("bullet_list_open", "bullet_list_close", "list_item_open", "list_item_close"),
    *("table_open", "table_close", "thead_open", "thead_close", "tbody_open", "tbody_close"),
    *("tr_open", "tr_close", "th_open", "th_close", "td_open", "td_close"),
}
# What GitHub makes a mention, a reference, an address, an emoji, a formula or a link of, outside of code.
LINKING = re.compile(
    r"[@#$]|://|www\.|(?<![0-9a-z])[0-9a-f]{7,}|[a-z]-[0-9]|:[0-9_+-]*[a-z][a-z0-9_+-]*:", re.ASCII | re.IGNORECASE
)


def tokens_of(text: str) -> Iterator[Token]:
    for token in PARSER.parse(text):
        yield token
        yield from token.children or []


def assert_whole(text: str) -> list[Token]:
    """The text is bounded, balanced, and consists of nothing but this program's own Markdown."""
    assert max(len(text), units(text)) <= LIMIT < GITHUB_LIMIT
    assert text.endswith("\n")
    tokens = list(tokens_of(text))
    depth = 0
    for token in tokens:
        if token.type == "html_block":
            assert token.content == CLOSING or OPENING.fullmatch(token.content), token.content
            depth += 1 if token.content != CLOSING else -1
            assert depth in (0, 1)
        elif token.type == "html_inline":
            assert token.content == "<br>"
        elif token.type == "fence":
            assert token.info == "diff"
            assert re.fullmatch(r"    0     6     12    18\n(?:[-+ ][A-Z][a-z]{2}[█▌▐·]{24}\n)+", token.content), (
                token.content
            )
        elif token.type == "text":
            assert not LINKING.search(token.content), token.content
        else:
            assert token.type in OWN_BLOCKS | OWN_INLINE, token
    assert depth == 0
    for line in text.split("\n"):  # as many cells as the head of the table has
        if line.startswith("| "):
            assert len(re.findall(r"(?<!\\)\|", line)) == 3, line
    return tokens
