"""Live → YAML (import): campaign files written anew, and drift written back into files that are there. Pure.

A file that exists belongs to people: it is edited at the very places that differ (`rewriting`), by the positions that the
YAML parser tells (`tree`, `scan`), so comments, quotes, anchors, key order and line ends stay as they are.
"""

from .edits import NeedsAHandError
from .names import file_name
from .new_files import campaign_text, tenant_name, tenant_text
from .rewriting import Place, Rewritten, Section, outline, rewrite
from .schedules import Goal, new_entry

__all__ = [
    "Goal",
    "NeedsAHandError",
    "Place",
    "Rewritten",
    "Section",
    "campaign_text",
    "file_name",
    "new_entry",
    "outline",
    "rewrite",
    "tenant_name",
    "tenant_text",
]
