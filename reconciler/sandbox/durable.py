"""Group commit: a write is answered only when it is on disk, and writes at the same time share one save.

One save dumps the whole state, so a save for each of N writes would cost N times the state. Here whoever comes
first saves for all that have changed something by then; whoever comes meanwhile waits for the next save.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class GroupCommit:
    """Shares saves. `save` saves all there is and returns the revision that it saved."""

    def __init__(self, save: Callable[[], int]) -> None:
        self._save = save
        self._saved = 0
        self._saving = False
        self._turn = threading.Condition()

    def wait(self, revision: int) -> None:
        """Returns when `revision` is saved. Raises OSError where the save that it led failed."""
        with self._turn:
            self._turn.wait_for(lambda: not self._saving or self._saved >= revision)
            if self._saved >= revision:
                return
            self._saving = True
        saved = 0
        try:
            saved = self._save()
        finally:
            with self._turn:
                self._saving = False
                self._saved = max(self._saved, saved)
                self._turn.notify_all()
