"""The work tree as it would be with some files written: what import loads to prove its files before it writes them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from ...desired.scope import is_below
from ...errors import DesiredStateError
from ...files import File, Listing, Source, Target
from ...model import Finding


class Overlay:
    """A `Source`: `base`, with the content of some files (by their name without links) replaced, and some files more.

    `missing` is the folder that PATH names and that does not exist yet, None if it does.
    """

    def __init__(self, base: Source, texts: Mapping[str, bytes], missing: str | None = None) -> None:
        self._base = base
        self._texts = dict(texts)
        self._missing = missing

    def with_texts(self, texts: Mapping[str, bytes]) -> Overlay:
        """The same with more files."""
        return Overlay(self._base, {**self._texts, **texts}, self._missing)

    def target(self, path: str) -> Target | None:
        """See `Source.target`."""
        try:
            return self._base.target(path)
        except DesiredStateError:
            if self._missing is None:
                raise
            return Target(self._missing, is_folder=True)

    def shown(self, name: str) -> str:
        """See `Source.shown`."""
        return self._base.shown(name)

    def files(self, folder: str) -> Listing:
        """See `Source.files`."""
        there = Listing(()) if folder == self._missing else self._base.files(folder)
        known = {each.real for each in there.files}
        new = [File(name, name) for name in self._texts if name not in known and is_below(name, folder)]
        return Listing(tuple(sorted((*there.files, *new))), there.obstacles)

    def file(self, name: str) -> File | Finding | None:
        """See `Source.file`."""
        return File(name, name) if name in self._texts else self._base.file(name)

    def read(self, files: Iterable[File]) -> Iterator[bytes | Finding]:
        """See `Source.read`."""
        for each in files:
            yield self._texts[each.real] if each.real in self._texts else next(iter(self._base.read((each,))))
