"""The files as a revision of git holds them, read from its objects: the work tree is not touched."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable, Iterator
from functools import cached_property

from ..errors import DesiredStateError, UsageError
from ..files import MAX_FILE_BYTES, File, Target
from ..findings import Finding
from .git import GitFailedError, run_git, start_git
from .tree import EntryKind, Tree, UnsafeLinkError, follow

_KINDS = dict.fromkeys(("100644", "100755", "100664"), EntryKind.FILE) | {"120000": EntryKind.LINK}
_CHUNK = 1 << 16
_OBJECT_ID = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


class Revision(Tree):
    """A `Source`: everything that the commit `ref` of the repository at `root` holds. `sha` is the commit's full id.

    UsageError if there is no such commit. `ref` may come from anybody: it cannot become an option of git.
    """

    def __init__(self, root: str, ref: str) -> None:
        super().__init__(root)
        self.sha = _resolve(self.root, ref)
        self._objects: dict[str, str] = {}
        self._folders: dict[str, dict[str, EntryKind]] = {"": {}}
        self._list()

    def target(self, path: str) -> Target | None:
        """See `Source.target`."""
        try:
            name, kind = follow(self, self.named(path))
        except UnsafeLinkError as error:
            raise DesiredStateError(f"{path!r} at {self.sha[:12]} {error}") from error
        if kind not in (EntryKind.FILE, EntryKind.FOLDER):
            return None
        return Target(name, kind is EntryKind.FOLDER)

    def read(self, files: Iterable[File]) -> Iterator[bytes | Finding]:
        """See `Source.read`; one `git cat-file --batch` for all of them."""
        wanted = tuple(files)
        if not wanted:
            return
        with start_git(self.root, "cat-file", "--batch", stderr=subprocess.DEVNULL) as process:
            for file in wanted:
                data = _blob(process, self._objects.get(file.real, ""))
                if data is None:
                    fault = "git does not have the content of this file; fetch it"
                    yield self.finding("file-unreadable", file.name, fault)
                else:
                    yield self.bounded(file, data)

    def content_id(self, file: File) -> str | None:
        """See `Source.content_id`: the name of git's blob."""
        return self._objects.get(file.real)

    def entries(self, folder: str) -> Iterable[tuple[str, EntryKind]]:
        """See `Tree.entries`."""
        return self._folders.get(folder, {}).items()

    def kind(self, name: str) -> EntryKind | None:
        """See `Tree.kind`."""
        folder, _, entry = name.rpartition("/")
        return self._folders.get(folder, {}).get(entry)

    def link_target(self, name: str) -> str:
        """See `Tree.link_target`."""
        return self._links[name]

    @cached_property
    def _links(self) -> dict[str, str]:
        """The texts of all links, read at once where there is any to follow."""
        names = [name for name in self._objects if self.kind(name) is EntryKind.LINK]
        texts = self.read(File(name, name) for name in names)
        return {
            name: text.decode("utf-8", "surrogateescape") if isinstance(text, bytes) else ""
            for name, text in zip(names, texts, strict=True)
        }

    def _list(self) -> None:
        """Read the commit's whole tree: it is small beside its content, and the cascade starts at the root."""
        try:
            listed = run_git(self.root, "ls-tree", "-r", "-z", "--full-tree", self.sha)
        except GitFailedError as error:
            raise DesiredStateError(
                f"git cannot list the files of {self.sha[:12]} ({error})",
                hint="look at the repository with `git fsck`, or fetch again",
            ) from error
        for record in listed.split(b"\0")[:-1]:
            head, _, raw = record.partition(b"\t")
            mode, _, object_id = head.decode("ascii").split(" ")
            name = raw.decode("utf-8", "surrogateescape")
            self._objects[name] = object_id
            folder, _, entry = name.rpartition("/")
            if folder not in self._folders:
                self._add_folder(folder)
            self._folders[folder][entry] = _KINDS.get(mode, EntryKind.OTHER)

    def _add_folder(self, folder: str) -> None:
        above = ""
        for entry in folder.split("/"):
            self._folders[above].setdefault(entry, EntryKind.FOLDER)
            above = f"{above}/{entry}" if above else entry
            self._folders.setdefault(above, {})


def _resolve(root: str, ref: str) -> str:
    try:
        return _commit_id(root, ref)
    except GitFailedError as error:
        raise UsageError(
            f"git knows no commit {ref!r} in {root} ({error})",
            hint="name a commit, branch or tag that is here; a CI checkout fetches only the newest commit unless "
            "fetch-depth is 0",
        ) from error


def _commit_id(root: str, ref: str) -> str:
    text = run_git(root, "rev-parse", "--verify", "--end-of-options", f"{ref}^{{commit}}").decode("ascii").strip()
    if not _OBJECT_ID.fullmatch(text):  # an exclusion, such as ^HEAD
        raise GitFailedError("it is not the name of one commit")
    return text


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
    rest = size - len(data) + 1
    while rest > 0 and (chunk := answers.read(min(rest, _CHUNK))):
        rest -= len(chunk)
    return data
