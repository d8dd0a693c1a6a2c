"""The two streams and the signals: data to stdout, everything that is only said to stderr.

What is only said must never change what is done. A terminal may be closed, a reader of a pipe may leave, a log disk may be
full while writes to a tenant are in flight; so everything here that goes to stderr swallows such failures and says
nothing more. Only data that cannot be written is an error, and it is one after the command has done its work.
"""

from __future__ import annotations

import contextlib
import io
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from types import FrameType
from typing import TYPE_CHECKING, TextIO

from ..errors import ReconcilerError

if TYPE_CHECKING:
    from ..findings import Location
    from ..render.screen import Screen

_WORTH_A_LINE = 50  # fewer steps than this are over before anybody reads a line
_AT_ONCE = 1 << 20  # characters: a stream encodes what it gets as a whole, and a large plan would be held twice
_CLEAR_LINE = "\r\033[K"
_SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
"""Ctrl-C, a request to end, and a closed terminal, which Windows does not have. Those that whoever started the program made it
ignore, as `nohup` and the `&` of a script do, stay ignored."""


def make_ready() -> None:
    """Make all three streams usable, and both outputs take any text: UTF-8 into files and pipes, on every machine the
    same bytes. A stream that is closed becomes the null device, as no file opened later may take its number. A request to end,
    and a terminal that is closed, end the program from now on as Ctrl-C does."""
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= 2:
        os.set_inheritable(descriptor, True)
    os.close(descriptor)
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_RDWR), mode, encoding="utf-8"))
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            encoding = stream.encoding if stream.isatty() else "utf-8"
            stream.reconfigure(encoding=encoding, errors="backslashreplace", newline="\n")
    for number in _SIGNALS:
        if number != signal.SIGINT and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, signal.default_int_handler)


def data(text: str) -> None:
    """Print what the command was asked for. A reader that has gone ends nothing; ReconcilerError where the output cannot be
    written, such as on a full disk."""
    try:
        for start in range(0, len(text), _AT_ONCE):
            sys.stdout.write(text[start : start + _AT_ONCE])
        if text and not text.endswith("\n"):
            sys.stdout.write("\n")
        sys.stdout.flush()
    except BrokenPipeError:
        _discard(sys.stdout)
    except (OSError, ValueError) as error:
        _discard(sys.stdout)
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise ReconcilerError(
            f"the output cannot be written: {reason}",
            hint="the command did its work all the same; free the place and look at the state, such as with `plan`",
        ) from None


def say(text: str) -> None:
    """Say something to the person at the terminal; never raises."""
    from ..render.escape import visible  # most commands say nothing

    _to_stderr("\n".join(visible(line) for line in text.splitlines()) + "\n")


def tell(text: str) -> None:
    """Say a text of a renderer, which is escaped already; never raises."""
    _to_stderr(text)


def error(message: str, *, hint: str = "") -> None:
    """Say what went wrong and, on a line of its own, what to do."""
    say(f"Error: {message}" + (f"\nHint: {hint}" if hint else ""))


def screen(*, verbose: bool = False, quoting: bool = True, stream: TextIO | None = None) -> Screen:
    """How to print on a stream, stdout unless another is given. On a terminal findings quote the files that they are about,
    unless the text is not `quoting` those that are there now."""
    import shutil

    from ..render.screen import Screen

    out = stream if stream is not None else sys.stdout
    if not out.isatty():
        return Screen(verbose=verbose)
    encoding = (out.encoding or "").lower().replace("-", "").replace("_", "")
    return Screen(
        color=not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb",
        width=shutil.get_terminal_size().columns,
        unicode=encoding == "utf8",
        verbose=verbose,
        line_of=_lines() if quoting else None,
    )


_MOST_READ = 4 * 1024 * 1024  # a larger file is not quoted


def _lines() -> Callable[[Location], str | None]:
    """Gives the lines of files as they are now, each file read once."""
    import re  # late, as all that only a text on a terminal needs
    from pathlib import Path

    files: dict[str, list[str]] = {}

    def line_of(location: Location) -> str | None:
        lines = files.get(location.file)
        if lines is None:
            try:
                path = Path(location.file)
                text = path.read_text(encoding="utf-8-sig") if path.stat().st_size <= _MOST_READ else ""
            except (OSError, ValueError):
                text = ""
            lines = files[location.file] = re.split(r"\r\n|\r|\n", text)
        return lines[location.line - 1] if location.line <= len(lines) and any(lines) else None

    return line_of


def is_interactive() -> bool:
    """Whether somebody can be asked: both the questions and the answers go through a terminal."""
    return sys.stdin.isatty() and sys.stderr.isatty()


class Progress(contextlib.AbstractContextManager["Progress"]):
    """Hears (what, done, total) from any thread: one line on a terminal that is rewritten, a line for each quarter
    elsewhere, nothing with `quiet`. A context manager; never raises."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        self._terminal = sys.stderr.isatty()
        self._guard = threading.Lock()
        self._steps: dict[str, int] = {}
        self._open_line = False

    def __call__(self, what: str, done: int, total: int) -> None:
        if self._quiet or total < _WORTH_A_LINE:
            return
        step = (100 if self._terminal else 4) * done // total
        with self._guard:
            if step <= self._steps.get(what, 0):
                return
            self._steps[what] = step
            if self._terminal:
                from ..render.escape import visible

                self._open_line = True
                _to_stderr(f"{_CLEAR_LINE}{visible(what)}: {done} of {total}")
            else:
                say(f"{what}: {done} of {total}")

    def close(self, *_error: object) -> None:
        """Take the line away, so that something else can be printed. Safe in a signal handler: it takes no lock."""
        if self._open_line:
            self._open_line = False
            _to_stderr(_CLEAR_LINE)

    __exit__ = close

    def note(self, text: str) -> None:
        """Say something between two steps, unless with `quiet`."""
        if not self._quiet:
            self.say(text)

    def say(self, text: str) -> None:
        """Say something between two steps."""
        self.close()
        say(text)


@contextlib.contextmanager
def stopping(stop: threading.Event, progress: Progress) -> Iterator[Callable[[], None]]:
    """Within, a signal sets `stop`, so that no wait goes on, and raises KeyboardInterrupt.

    Gives what is to be called before the first write. From then on, until the report is printed, a signal only sets
    `stop`: those writes that are in flight end, and no later signal cuts one in two.
    """
    writing = threading.Event()

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        first = not stop.is_set()
        stop.set()
        if not writing.is_set():
            raise KeyboardInterrupt
        if first:
            progress.say("Interrupted: no new write starts; waiting for those in flight, then the report follows.")

    heard = [number for number in _SIGNALS if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, on_signal) for number in heard}
    try:
        yield writing.set
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _to_stderr(text: str) -> None:
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except (OSError, ValueError):
        _discard(sys.stderr)
    except RuntimeError:  # a signal's sentence in the middle of another one: the stream is not reentrant
        return


def _discard(stream: TextIO) -> None:
    """Send what is left of a stream nowhere, so that the end of the program does not fail on it once more."""
    with contextlib.suppress(OSError, ValueError):
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, stream.fileno())
        os.close(null)
