"""The journal: every write before it is sent and after it ended, so that no apply can stop half way in silence.

`journal` writes it, `line_file` puts its lines on the disk, `chain` holds them together, `entries` says what they are.
"""

from .entries import EntryContext, RunInfo, journal_runs, webhook_entry, write_entry
from .journal import Journal

__all__ = ["EntryContext", "Journal", "RunInfo", "journal_runs", "webhook_entry", "write_entry"]
