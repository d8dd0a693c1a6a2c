"""How the tests run commands and write files; the fixtures that do it are in `tests/conftest.py`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended: its exit code and all that it printed."""

    code: int
    out: str
    err: str


Run = Callable[..., Ended]
Write = Callable[[Mapping[str, str]], None]
