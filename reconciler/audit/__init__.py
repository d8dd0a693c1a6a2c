"""The journal: every write before it is sent and after it ended, so that no apply can stop half way in silence.

`journal` writes it, `line_file` puts its lines on the disk, `chain` holds them together, `months` knows in which files they are,
`entries` says what they are, and `history` what they say.
"""

from .chain import instant
from .entries import EntryContext, RunInfo, run_entry, webhook_entry, write_entry
from .history import journal_runs, last_applied, schedules_at, was_applied
from .journal import Journal
from .months import JournalFiles, find_journals

__all__ = [
    "EntryContext",
    "Journal",
    "JournalFiles",
    "RunInfo",
    "find_journals",
    "instant",
    "journal_runs",
    "last_applied",
    "run_entry",
    "schedules_at",
    "was_applied",
    "webhook_entry",
    "write_entry",
]
