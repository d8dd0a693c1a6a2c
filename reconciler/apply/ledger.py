"""What one run tells the journal. A journal that cannot be written halts the run: nothing goes out untold."""

from __future__ import annotations

from ..errors import JournalUnavailableError
from ..model import Change, JsonObject, Request, Webhook, WebhookResult
from .entries import Context, webhook_entry, write_entry
from .halting import Halt
from .values import JournalPort, WriteEnd


class Ledger:
    """The journal as the workers of one run see it; thread-safe as the journal is."""

    def __init__(self, journal: JournalPort, context: Context, halt: Halt) -> None:
        self._journal = journal
        self._context = context
        self._halt = halt

    def pending(self, change: Change, request: Request, before: JsonObject | None) -> None:
        """Tell that a write is about to be sent. Raises JournalUnavailableError: then it must not be."""
        entry = write_entry(self._context, change, request, before)
        try:
            self._journal.append(entry)
        except JournalUnavailableError as error:
            self._halt.pull(error.message)
            raise

    def ended(self, change: Change, end: WriteEnd) -> None:
        """Tell how a write ended."""
        self._append(write_entry(self._context, change, end.request, end.before, end.result))

    def webhook(self, webhook: Webhook, result: WebhookResult | None = None) -> bool:
        """Tell that a webhook is about to be registered, or how that ended; False where it could not be told."""
        return self._append(webhook_entry(self._context, webhook, result))

    def _append(self, entry: JsonObject) -> bool:
        try:
            self._journal.append(entry)
        except JournalUnavailableError as error:
            self._halt.pull(error.message)
            return False
        return True
