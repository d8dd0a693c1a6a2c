"""A journal as its lines, the chain checked."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from reconciler.audit import history
from reconciler.audit.months import find_journals
from reconciler.model import JsonObject
from reconciler.model.journals import JournalView


@dataclass(frozen=True, slots=True)
class Lines:
    """The entries of a journal in order, and the torn text after the last whole line."""

    entries: tuple[JsonObject, ...]
    torn: str


def read_entries(place: Path) -> Lines:
    """The lines of the one journal at a place, a file or a folder; JournalBrokenError where its chain does not hold."""
    (journal,) = find_journals([place])
    return Lines(tuple(journal.entries()), journal.torn)


def journal_runs(place: Path) -> JournalView:
    """The runs of the one journal at a place."""
    (journal,) = find_journals([place])
    return history.journal_runs(journal)
