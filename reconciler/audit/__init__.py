"""The journal: every write before it is sent and after it ended, so that no apply can stop half way in silence."""

from .journal import Journal
from .runs import journal_runs

__all__ = ["Journal", "journal_runs"]
