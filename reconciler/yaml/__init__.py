"""YAML with places: files as plain data in which every key and value knows its line and column."""

from __future__ import annotations

from contextlib import suppress

from .documents import Document, FileFault, ParsedFile
from .plain_lines import NotPlainError, read_plain
from .scalars import Memory

__all__ = ["Document", "FileFault", "Memory", "ParsedFile", "parse_yaml"]


def parse_yaml(data: bytes, memory: Memory | None = None) -> ParsedFile:
    """The documents of a file that are not empty, and its faults, by place.

    `memory` may be shared by all files of one run. The result is plain data, which nobody changes: files share equal parts.
    """
    memory = memory or Memory()
    with suppress(NotPlainError):
        if documents := read_plain(data, memory):
            return ParsedFile(documents)
    from .composer import compose  # libyaml, which few files need

    return compose(data, memory)
