"""The files as a git revision holds them, read from git's objects; the work tree is neither read nor touched."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import IO

from ..errors import DesiredStateError, UsageError
from ..files import MAX_FILE_BYTES, File, Listing, Target
from ..model import Finding
from . import git, tree
from .names import Names
from .tree import Kind

_KINDS = {"100644": Kind.FILE, "100755": Kind.FILE, "100664": Kind.FILE, "120000": Kind.LINK}
_CHUNK = 1 << 16


class Revision:
    """A `Source`: everything that the commit `ref` of the repository at `root` holds. `sha` is the commit's full id.

    UsageError if there is no such commit. `ref` may come from anybody: it cannot become an option of git.
    """

    def __init__(self, root: str, ref: str) -> None:
        self._names = Names(root)
        self.sha = _resolve(self._names.root, ref)
        self._objects: dict[str, str] = {}
        self._folders: dict[str, dict[str, Kind]] = {"": {}}
        self._list()

    def target(self, path: str) -> Target | None:
        """See `Source.target`."""
        try:
            name, kind = tree.follow(self, self._names.named(path))
        except tree.UnsafeLinkError as error:
            raise DesiredStateError(f"{path!r} at {self.sha[:12]} {error}") from error
        if kind not in (Kind.FILE, Kind.FOLDER):
            return None
        return Target(name, kind is Kind.FOLDER)

    def shown(self, name: str) -> str:
        """See `Source.shown`."""
        return self._names.shown(name)

    def files(self, folder: str) -> Listing:
        """See `Source.files`."""
        return tree.walk(self, folder, self.shown)

    def file(self, name: str) -> File | Finding | None:
        """See `Source.file`."""
        try:
            real, kind = tree.follow(self, name)
        except tree.UnsafeLinkError as error:
            return tree.finding("file-unsafe", self.shown(name), f"the path {error}; it is not followed")
        return None if kind in (None, Kind.FOLDER) else File(name, real)

    def read(self, files: Iterable[File]) -> Iterator[bytes | Finding]:
        """See `Source.read`; one `git cat-file --batch` for all of them."""
        wanted = tuple(files)
        if not wanted:
            return
        call = git.command(self._names.root, "cat-file", "--batch")
        with subprocess.Popen(  # noqa: S603 - no shell, and no argument comes from a user
            call,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=git.environment(),
        ) as process:
            for each in wanted:
                data = _blob(process, self._objects.get(each.real, ""))
                if data is None:
                    words = "git does not have the content of this file; fetch it"
                    yield tree.finding("file-unreadable", self.shown(each.name), words)
                else:
                    yield data if len(data) <= MAX_FILE_BYTES else tree.too_large(self.shown(each.name))

    def entries(self, folder: str) -> Iterable[tuple[str, Kind]]:
        """See `Tree.entries`."""
        return self._folders.get(folder, {}).items()

    def kind(self, name: str) -> Kind | None:
        """See `Tree.kind`."""
        folder, _, entry = name.rpartition("/")
        return self._folders.get(folder, {}).get(entry)

    def link_target(self, name: str) -> str:
        """See `Tree.link_target`."""
        return self._links[name]

    @cached_property
    def _links(self) -> dict[str, str]:
        """The texts of all links, read at once where there is any to follow."""
        names = [name for name in self._objects if self.kind(name) is Kind.LINK]
        texts = self.read(File(name, name) for name in names)
        return {
            name: text.decode("utf-8", "surrogateescape") if isinstance(text, bytes) else ""
            for name, text in zip(names, texts, strict=True)
        }

    def _list(self) -> None:
        """Read the commit's whole tree: it is small beside its content, and the cascade starts at the root."""
        for record in git.run(self._names.root, "ls-tree", "-r", "-z", "--full-tree", self.sha).split(b"\0")[
            :-1
        ]:
            head, _, raw = record.partition(b"\t")
            mode, _, object_id = head.decode("ascii").split(" ")
            name = raw.decode("utf-8", "surrogateescape")
            self._objects[name] = object_id
            folder, _, entry = name.rpartition("/")
            if folder not in self._folders:
                self._add_folder(folder)
            self._folders[folder][entry] = _KINDS.get(mode, Kind.OTHER)

    def _add_folder(self, folder: str) -> None:
        above = ""
        for entry in folder.split("/"):
            self._folders[above].setdefault(entry, Kind.FOLDER)
            above = f"{above}/{entry}" if above else entry
            self._folders.setdefault(above, {})


def _resolve(root: str, ref: str) -> str:
    try:
        found = git.run(root, "rev-parse", "--verify", "--end-of-options", f"{ref}^{{commit}}")
    except git.GitFailedError as error:
        raise UsageError(
            f"git knows no commit {ref!r} in {root} ({error})",
            hint="name a commit, branch or tag that is here; a CI checkout fetches only the newest commit unless "
            "told otherwise (fetch-depth: 0)",
        ) from error
    return found.decode("ascii").strip()


def _blob(process: subprocess.Popen[bytes], object_id: str) -> bytes | None:
    """One object from a running `git cat-file --batch`, at most one byte more than a file may have; None if missing."""
    source, answers = process.stdin, process.stdout
    if source is None or answers is None:
        return None
    try:
        source.write(f"{object_id}\n".encode("ascii"))
        source.flush()
    except OSError:
        return None
    head = answers.readline().split()
    if len(head) != 3 or head[1] != b"blob":
        return None
    size = int(head[2])
    data = answers.read(min(size, MAX_FILE_BYTES + 1))
    _skip(answers, size - len(data) + 1)
    return data


def _skip(stream: IO[bytes], count: int) -> None:
    while count > 0 and (chunk := stream.read(min(count, _CHUNK))):
        count -= len(chunk)
