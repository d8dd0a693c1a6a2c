"""What is said while a command runs: on a terminal, elsewhere, and on streams that fail."""

from __future__ import annotations

import io
import os
import signal
import sys
import threading
from collections.abc import Callable

import pytest

from reconciler.cli import run, terminal
from reconciler.errors import ReconcilerError

CLEAR = "\r\033[K"


class Stream(io.StringIO):
    """A stream that says whether it is a terminal, and fails as it is asked to."""

    def __init__(self, *, tty: bool = False, error: Exception | None = None) -> None:
        super().__init__()
        self._tty = tty
        self._error = error

    def isatty(self) -> bool:
        return self._tty

    def write(self, text: str) -> int:
        if self._error is not None:
            raise self._error
        return super().write(text)


@pytest.fixture
def stderr(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Stream]:
    """Put a stream in the place of stderr."""

    def replaced(stream: Stream) -> Stream:
        monkeypatch.setattr(sys, "stderr", stream)
        return stream

    return replaced


def test_a_terminal_has_one_line_that_is_rewritten_and_taken_away(stderr: Callable[..., Stream]) -> None:
    stream = stderr(Stream(tty=True))
    with terminal.Progress(quiet=False) as progress:
        for done in range(101):
            progress("reading acme", done, 200)
        progress.say("something else")
        progress("reading acme", 200, 200)
    shown = stream.getvalue()
    assert shown.startswith(f"{CLEAR}reading acme: 2 of 200{CLEAR}reading acme: 4 of 200")
    assert f"reading acme: 100 of 200{CLEAR}something else\n" in shown
    assert shown.endswith(f"reading acme: 200 of 200{CLEAR}")
    assert shown.count("of 200") == 51


def test_elsewhere_there_is_a_line_for_each_quarter(stderr: Callable[..., Stream]) -> None:
    stream = stderr(Stream())
    with terminal.Progress(quiet=False) as progress:
        for done in range(101):
            progress("reading acme", done, 100)
    assert stream.getvalue().splitlines() == [f"reading acme: {done} of 100" for done in (25, 50, 75, 100)]


@pytest.mark.parametrize(("quiet", "total"), [(True, 100), (False, 49)])
def test_few_steps_and_quiet_commands_have_no_progress(quiet: bool, total: int, stderr: Callable[..., Stream]) -> None:
    stream = stderr(Stream())
    with terminal.Progress(quiet=quiet) as progress:
        progress("reading acme", total, total)
    assert stream.getvalue() == ""


@pytest.mark.parametrize(
    "error", [OSError(5, "gone"), ValueError("I/O operation on closed file"), RuntimeError("reentrant call")]
)
def test_nothing_that_is_said_raises(error: Exception, stderr: Callable[..., Stream]) -> None:
    stderr(Stream(tty=True, error=error))
    with terminal.Progress(quiet=False) as progress:
        progress("reading acme", 100, 100)
        progress.say("something else")
    terminal.say("more")
    terminal.error("wrong", hint="right it")


def test_data_on_a_closed_stream_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", Stream(error=ValueError("I/O operation on closed file")))
    with pytest.raises(ReconcilerError, match="closed file"):
        terminal.data("x")


def test_a_help_text_that_cannot_be_printed_is_an_error(
    monkeypatch: pytest.MonkeyPatch, stderr: Callable[..., Stream]
) -> None:
    stream = stderr(Stream())
    monkeypatch.setattr(sys, "stdout", Stream(error=OSError(28, "No space left on device")))
    before = signal.getsignal(signal.SIGTERM)
    try:
        assert run(["--help"]) == 1
    finally:
        signal.signal(signal.SIGTERM, before)
    assert stream.getvalue() == "Error: the system refused: No space left on device\n"


@pytest.mark.parametrize("name", ["stdin", "stdout", "stderr"])
def test_a_stream_that_is_closed_becomes_the_null_device(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, name, None)
    terminal.make_ready()
    stream = getattr(sys, name)
    try:
        assert not stream.isatty()
        assert stream.read() == "" if name == "stdin" else stream.write("x") == 1
    finally:
        stream.close()


def test_control_characters_are_shown_as_text(stderr: Callable[..., Stream]) -> None:
    stream = stderr(Stream(tty=True))
    with terminal.Progress(quiet=False) as progress:
        progress("\033[31mred", 100, 100)
    assert "\033[31m" not in stream.getvalue()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals to send")
@pytest.mark.parametrize("begun", [False, True])
def test_a_signal_raises_before_the_first_write_and_only_stops_after_it(
    begun: bool, stderr: Callable[..., Stream]
) -> None:
    stream = stderr(Stream())
    stop = threading.Event()
    before = signal.getsignal(signal.SIGTERM)
    with terminal.Progress(quiet=False) as progress, terminal.stopping(stop, progress) as begin:
        if begun:
            begin()
            os.kill(os.getpid(), signal.SIGTERM)
            os.kill(os.getpid(), signal.SIGTERM)
        else:
            with pytest.raises(KeyboardInterrupt):
                os.kill(os.getpid(), signal.SIGTERM)
    assert stop.is_set()
    assert stream.getvalue().count("Interrupted") == begun
    assert signal.getsignal(signal.SIGTERM) is before
