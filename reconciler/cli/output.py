"""Printing: data to stdout, talk to stderr, control characters escaped on both."""

from __future__ import annotations

import io
import os
import sys

from ..render.escape import visible


def prepare_streams() -> None:
    """Make both streams take any text: UTF-8 into files and pipes, on every machine the same bytes."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            encoding = stream.encoding if stream.isatty() else "utf-8"
            stream.reconfigure(encoding=encoding, errors="backslashreplace", newline="\n")


def data(text: str) -> None:
    """Print what the command was asked for."""
    sys.stdout.write(text if text.endswith("\n") or not text else text + "\n")
    sys.stdout.flush()


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
