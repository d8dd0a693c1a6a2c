"""Printing: data to stdout, talk to stderr, control characters escaped on both."""

from __future__ import annotations

import contextlib
import io
import os
import sys

from ..errors import ReconcilerError
from ..render.escape import visible


def prepare_streams() -> None:
    """Make both streams take any text: UTF-8 into files and pipes, on every machine the same bytes."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            encoding = stream.encoding if stream.isatty() else "utf-8"
            stream.reconfigure(encoding=encoding, errors="backslashreplace", newline="\n")


class OutputError(ReconcilerError):
    """Standard output takes nothing more: a full disk, a closed file."""


def data(text: str) -> None:
    """Print what the command was asked for. Raises BrokenPipeError or OutputError."""
    try:
        sys.stdout.write(text if text.endswith("\n") or not text else text + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise OutputError(
            f"the output cannot be written: {reason}",
            hint="the command did its work all the same; free the place and look at the state, such as with `plan`",
        ) from None


def drop() -> None:
    """Send what is left of the output nowhere, so that the end of the program does not fail on it once more."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def talk(text: str) -> None:
    """Say something to the person at the terminal."""
    sys.stderr.write("\n".join(visible(line) for line in text.splitlines()) + "\n")
    sys.stderr.flush()


def error(message: str, *, hint: str = "") -> None:
    """Say what went wrong and, on a line of its own, what to do."""
    talk(f"Error: {message}" + (f"\nHint: {hint}" if hint else ""))


def colour() -> bool:
    """Colour only on a terminal, and never with NO_COLOR (no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def is_interactive() -> bool:
    """Whether somebody can be asked: both the questions and the answers go through a terminal."""
    return sys.stdin.isatty() and sys.stderr.isatty()
