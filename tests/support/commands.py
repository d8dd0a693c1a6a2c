"""How the tests run commands and write files; the fixtures that do it are in `tests/conftest.py`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from reconciler.sandbox import Sandbox


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended: its exit code and all that it printed."""

    code: int
    out: str
    err: str


Run = Callable[..., Ended]
Write = Callable[[Mapping[str, str]], None]


def variables_of(box: Sandbox) -> dict[str, str]:
    """The variables that a person would export to reach a sandbox."""
    return {
        "CXONE_BASE_URI": box.base_uri,
        "CXONE_CLIENT_ID": box.client_id,
        "CXONE_CLIENT_SECRET": box.client_secret,
    }
