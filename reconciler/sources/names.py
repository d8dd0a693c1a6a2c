"""Names as users see them: relative to the current directory, with forward slashes, always printable as text."""

from __future__ import annotations

import os
import posixpath
from pathlib import Path

from ..errors import DesiredStateError


class Names:
    """Turns paths of the command line into names below a root, and back. Remembers the current directory."""

    __slots__ = ("_here", "_inside", "root")

    def __init__(self, root: str) -> None:
        self.root = str(Path(root).resolve())
        self._here = Path.cwd().resolve().as_posix()
        base = Path(self.root).as_posix().rstrip("/")
        within = f"{self._here}/".startswith(f"{base}/")
        self._inside = f"{self._here}/"[len(base) + 1 :] if within else None

    def shown(self, name: str) -> str:
        """The name relative to the current directory; bytes that are no text are spelled out."""
        if self._inside is not None and name.startswith(self._inside) and len(name) > len(self._inside):
            relative = name[len(self._inside) :]
        else:
            relative = posixpath.relpath(posixpath.join(Path(self.root).as_posix(), name), self._here)
        return relative if relative.isascii() else os.fsencode(relative).decode("utf-8", "backslashreplace")

    def named(self, path: str) -> str:
        """The name of a path, links in it resolved. DesiredStateError if it lies outside the root."""
        try:
            name = Path(os.path.realpath(path)).relative_to(self.root).as_posix()
        except ValueError as error:
            raise DesiredStateError(
                f"{path!r} does not lie below {self.root}", hint="name a folder or file inside the repository"
            ) from error
        return "" if name == "." else name

    def full(self, name: str) -> str:
        """The absolute path of a name."""
        return os.path.join(self.root, name)  # noqa: PTH118 - once per file, and five times as fast as pathlib
