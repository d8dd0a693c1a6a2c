"""What must never be shown, and its removal from what a tenant says: a proxy or a debug page may echo a request."""

from __future__ import annotations

import threading
from collections import deque

_SHORTEST = 6  # a shorter secret is no secret, and removing it would shred the text around it
_KEPT = 64  # secrets that are remembered: more than a run's tokens


class Redactor:
    """Knows the secrets of one tenant; thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._secrets: deque[str] = deque(maxlen=_KEPT)

    def hide(self, *secrets: str) -> None:
        """Removes these from now on."""
        with self._lock:
            self._secrets.extend(
                each for each in secrets if len(each) >= _SHORTEST and each not in self._secrets
            )

    def clean(self, text: str) -> str:
        """`text` with `[hidden]` in the place of every secret."""
        with self._lock:
            secrets = sorted(self._secrets, key=len, reverse=True)
        for secret in secrets:
            text = text.replace(secret, "[hidden]")
        return text


def shorten(text: str, limit: int) -> str:
    """`text` on one line, cut with an ellipsis to at most `limit` characters."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"
