"""YAML with places: files as plain data in which every key and value knows its line and column."""

from .composer import parse_yaml
from .documents import Document, FileFault, ParsedFile
from .scalars import Memory

__all__ = ["Document", "FileFault", "Memory", "ParsedFile", "parse_yaml"]
