"""A person at a terminal: the program runs under a pseudo-terminal, reads what is typed and sees what is shown."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Self

CTRL_C = "\x03"
CTRL_D = "\x04"
_PATIENCE = 5  # seconds without anything new


class Terminal:
    """One command at a terminal of its own, which is closed at the end of `with`. With `out`, stdout goes there."""

    def __init__(self, folder: Path, *arguments: str, env: Mapping[str, str], out: IO[bytes] | None = None) -> None:
        self._ours, theirs = pty.openpty()
        self._open = True
        self.shown = ""
        self._process = subprocess.Popen(
            [sys.executable, "-c", _START, *arguments],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **env},
            stdin=theirs,
            stdout=out or theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
        self._process.kill()
        self._process.wait()

    def close(self) -> None:
        """Close the window."""
        if self._open:
            self._open = False
            os.close(self._ours)

    def read_until(self, text: str) -> None:
        """Wait until `text` is shown; an error where the program ends without it."""
        while text not in self.shown:
            piece = self._read()
            assert piece, f"{text!r} was never shown: {self.shown}"

    def type(self, text: str) -> None:
        """Press these keys."""
        os.write(self._ours, text.encode())

    def press(self, key: str, until: str) -> None:
        """Press a key until `until` is shown: again where nothing comes of it, because a signal that arrives right before
        the program begins to read is noticed only with the next one."""
        while until not in self.shown:
            self.type(key)
            while until not in self.shown and select.select([self._ours], [], [], _PATIENCE)[0]:
                assert self._read(), f"{until!r} was never shown: {self.shown}"

    def end(self) -> int:
        """Wait for the end; the exit code."""
        while self._open and self._read():
            pass
        return self._process.wait()

    def _read(self) -> str:
        try:
            piece = os.read(self._ours, 4096).decode("utf-8", "replace")
        except OSError:  # Linux: the other side is closed
            return ""
        self.shown += piece
        return piece


# Makes the terminal the process's controlling one, so that its keys are signals and its end is a hang-up; and hears
# Ctrl-C, which a shell that runs the tests in the background makes them ignore.
_START = """
import fcntl, signal, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
signal.signal(signal.SIGINT, signal.default_int_handler)
from reconciler.__main__ import main
main()
"""
