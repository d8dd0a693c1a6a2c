"""YAML with places: files as plain data in which every key and value knows its line and column."""

from .composer import parse
from .documents import Document, Fault, ParsedFile
from .scalars import Memory

__all__ = ["Document", "Fault", "Memory", "ParsedFile", "parse"]
