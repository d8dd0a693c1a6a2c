"""YAML with places: files as plain data in which every key and value knows its line and column."""

from __future__ import annotations

from contextlib import suppress

from .documents import Document, FileFault, ParsedFile
from .plain_lines import Lines, NotPlainError, read_plain

__all__ = ["Document", "FileFault", "Lines", "ParsedFile", "parse_yaml"]


def parse_yaml(data: bytes, lines: Lines | None = None) -> ParsedFile:
    """The documents of a file that are not empty, and its faults, by place.

    `lines` may be shared by all files of one run. The result is plain data, which nobody changes: files share equal parts.
    """
    with suppress(NotPlainError):
        if documents := read_plain(data, {} if lines is None else lines):
            return ParsedFile(documents)
    from .composer import compose  # libyaml, which few files need

    return compose(data)
