"""Live → YAML: campaign files written anew, and drift written back into files that are there. Pure.

A file that exists belongs to people: it is edited at the very places that differ (`rewrite`), by the positions that the
YAML parser gives (`nodes`), so comments, quotes, anchors, key order and line ends stay as they are.
"""

from .entries import Goal, new_entry
from .new_files import campaign_text, file_name, tenant_name, tenant_text
from .page import EditByHandError
from .rewrite import EntryPlace, Rewritten, outline, rewrite

__all__ = [
    "EditByHandError",
    "EntryPlace",
    "Goal",
    "Rewritten",
    "campaign_text",
    "file_name",
    "new_entry",
    "outline",
    "rewrite",
    "tenant_name",
    "tenant_text",
]
