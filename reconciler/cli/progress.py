"""Progress on stderr: a bar on a terminal, plain lines elsewhere, nothing with --quiet."""

from __future__ import annotations

import sys
import threading
from contextlib import ExitStack
from types import TracebackType
from typing import TYPE_CHECKING

from . import output

if TYPE_CHECKING:
    from rich.progress import Progress as RichProgress
    from rich.progress import TaskID

_WORTH_A_LINE = 50  # fewer steps than this are over before anybody reads a line


class Progress:
    """Hears (what, done, total) from any thread; a context manager."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        self._terminal = sys.stderr.isatty()
        self._guard = threading.Lock()
        self._quarters: dict[str, int] = {}
        self._stack = ExitStack()
        self._bars: RichProgress | None = None
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Take the bar away, so that something else can be printed."""
        self._stack.close()
        self._bars = None
        self._tasks = {}

    def __call__(self, what: str, done: int, total: int) -> None:
        if self._quiet or total < _WORTH_A_LINE:
            return
        with self._guard:
            if self._terminal:
                self._bar(what, done, total)
            else:
                self._line(what, done, total)

    def _line(self, what: str, done: int, total: int) -> None:
        quarter = 4 * done // total
        if quarter > self._quarters.get(what, 0):
            self._quarters[what] = quarter
            output.talk(f"{what}: {done} of {total}")

    def _bar(self, what: str, done: int, total: int) -> None:
        from rich.console import Console
        from rich.progress import Progress as RichProgress

        if self._bars is None:
            self._bars = self._stack.enter_context(RichProgress(console=Console(stderr=True), transient=True))
        if what not in self._tasks:
            self._tasks[what] = self._bars.add_task(what, total=total)
        self._bars.update(self._tasks[what], completed=done)
