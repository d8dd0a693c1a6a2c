"""What git says: from which commit the work tree comes, and the files as a revision holds them.

git is called as a program, on one repository, whatever the environment of a hook says about another one. A fault of git
never stops a run that only wants to know where its files come from: it is reported, and the revision is then not known.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ..errors import DesiredStateError, UsageError
from ..files import MAX_FILE_BYTES, File, Target
from ..findings import Finding
from .tree import EntryKind, Tree, UnsafeLinkError, follow

_OWN_FOLDER = ".reconciler"
_OID = "# branch.oid "
_KINDS = dict.fromkeys(("100644", "100755", "100664"), EntryKind.FILE) | {"120000": EntryKind.LINK}
_CHUNK = 1 << 16
_OBJECT_ID = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_SAFE = re.compile(
    r"GIT_(?:CONFIG_(?:GLOBAL|SYSTEM|NOSYSTEM|COUNT|KEY_\d+|VALUE_\d+)|EXEC_PATH|SSH|SSH_COMMAND|ASKPASS)"
)
_OPTIONS = ("--no-optional-locks", "--no-pager", "--no-replace-objects", "--literal-pathspecs")
_STATUS = ("--porcelain=v2", "--branch", "-z", "--untracked-files=all", "--ignored=traditional")


class GitFailedError(Exception):
    """git is not installed, or said no; the text is its first line."""


def git_command(root: str, *arguments: str) -> list[str]:
    """The command line of a git call in `root` that takes no locks, runs no configured file watcher, and sees every
    object as it was committed (`git replace` may stand another one in its place)."""
    return ["git", "-C", root, *_OPTIONS, "-c", "core.fsmonitor=false", *arguments]


def environment(root: str) -> dict[str, str]:
    """The caller's environment with git's own language and without what changes which repository, which objects or which
    paths git takes; the variables of tenants stay here too, as they may hold secrets."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("GIT_", "CXONE_")) or _SAFE.fullmatch(name)
    }
    above = str(Path(root).parent)
    return {**kept, "LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0", "GIT_CEILING_DIRECTORIES": above}


def run_git(root: str, *arguments: str, stdin: bytes = b"") -> bytes:
    """What git prints. GitFailedError if it cannot be started or fails."""
    call = git_command(root, *arguments)
    try:
        done = subprocess.run(  # noqa: S603 - no shell
            call, capture_output=True, env=environment(root), check=False, input=stdin
        )
    except (OSError, ValueError) as error:
        raise GitFailedError(f"git cannot be run ({error})") from error
    if done.returncode != 0:
        lines = done.stderr.decode("utf-8", "backslashreplace").strip().splitlines()
        fatal = (line for line in lines if line.startswith(("fatal:", "error:")))
        raise GitFailedError(next(fatal, lines[0] if lines else f"git ended with {done.returncode}"))
    return done.stdout


@dataclass(frozen=True, slots=True)
class RepoState:
    """The root of the files that PATH belongs to, absolute and without links: that of its repository; without git the
    nearest folder, from PATH's own upwards, that holds a tenant.yaml; without one PATH's folder.

    The cascade of defaults starts there, so a PATH within a tenant's folder gives the same schedules as that folder.
    `sha` is the commit that is checked out, None without git or before the first commit. `dirty` says that files which
    count differ from it, None that git could not say. `fault` is why it could not, empty where it could or there is no
    repository.
    """

    root: str
    sha: str | None = None
    dirty: bool | None = False
    fault: str = ""


def state_of(path: str) -> RepoState:
    """The state of the repository that PATH lies in, also where PATH itself does not exist. A fault of git is part of it.

    UsageError where the current folder is gone, so that no path means anything.
    """
    try:
        folder = _folder_of(path)
    except FileNotFoundError:
        raise UsageError("the current folder does not exist any more", hint="change to a folder that exists") from None
    above = (folder, *folder.parents)
    root = next((parent for parent in above if _is_repository(parent)), None)
    if root is None:
        return RepoState(str(next((parent for parent in above if _is_tenant(parent)), folder)))
    counting = _counting(folder, root)
    try:
        printed = run_git(str(root), "status", *_STATUS, "--", *counting)
        status = printed.decode("utf-8", "surrogateescape").split("\0")
        oids = [record.removeprefix(_OID) for record in status if record.startswith(_OID)]
        dirty = any(_is_change(record) for record in status) or _has_hidden_edit(str(root), counting)
    except GitFailedError as error:
        return RepoState(str(root), dirty=None, fault=str(error))
    return RepoState(str(root), oids[0] if oids and oids[0] != "(initial)" else None, dirty)


def _has_hidden_edit(root: str, counting: Sequence[str]) -> bool:
    """Whether a file differs that the index says not to look at (assume-unchanged, skip-worktree): `git status` does not
    look, but the loader reads it. One that is missing counts too, and so does what is no plain file."""
    listed = run_git(root, "ls-files", "-v", "--stage", "-z", "--", *counting).split(b"\0")[:-1]
    hidden = [record for record in listed if record[:1] == b"S" or record[:1].islower()]
    if not hidden:
        return False
    heads, names = zip(*(record.split(b"\t", 1) for record in hidden), strict=True)
    modes, held = zip(*(head.split(b" ")[1:3] for head in heads), strict=True)
    paths = [os.path.join(os.fsencode(root), name) for name in names]  # noqa: PTH118 - bytes
    plain = all(map(os.path.isfile, paths)) and all(mode.startswith(b"100") for mode in modes)
    if not plain or any(b"\n" in name for name in names):
        return True
    actual = run_git(root, "hash-object", "--stdin-paths", stdin=b"".join(name + b"\n" for name in names))
    return actual.split() != list(held)


def _folder_of(path: str) -> Path:
    """PATH's folder, or the nearest one above it that exists."""
    real = Path(os.path.realpath(path))
    return next((parent for parent in (real, *real.parents) if os.path.isdir(parent)), Path.cwd())  # noqa: PTH112 - false, not an error, for a name too long


def _is_repository(folder: Path) -> bool:
    """Found without git, so that the cascade of defaults starts at the same folder on a machine without it."""
    mark = folder / ".git"
    return mark.is_file() or (mark / "HEAD").is_file()


def _is_tenant(folder: Path) -> bool:
    return (folder / "tenant.yaml").exists()


def _counting(folder: Path, root: Path) -> tuple[str, ...]:
    """What the desired state is read from: the tenant's whole folder, and the defaults above it."""
    above = [parent for parent in (folder, *folder.parents) if parent == root or root in parent.parents]
    tenants = [parent for parent in above if _is_tenant(parent)]
    top = tenants[-1] if tenants else folder
    return str(top), *(str(parent / "defaults.yaml") for parent in above if parent in top.parents)


def _is_change(record: str) -> bool:
    kind, _, name = record.partition(" ")
    if kind in ("1", "2", "u"):
        return True
    parts = name.split("/")
    if kind == "?":
        return _OWN_FOLDER not in parts
    # git does not see an ignored file, the loader does
    return kind == "!" and name.endswith((".yaml", ".yml")) and not any(part[:1] in (".", "_") for part in parts)


class Revision(Tree):
    """A `Source`: everything that the commit `ref` of the repository at `root` holds. `sha` is the commit's full id.

    UsageError if there is no such commit. `ref` may come from anybody: it cannot become an option of git.
    """

    def __init__(self, root: str, ref: str) -> None:
        super().__init__(root)
        self.sha = _resolve(self._names.root, ref)
        self._objects: dict[str, str] = {}
        self._folders: dict[str, dict[str, EntryKind]] = {"": {}}
        self._list()

    def target(self, path: str) -> Target | None:
        """See `Source.target`."""
        try:
            name, kind = follow(self, self._names.named(path))
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
        call = git_command(self._names.root, "cat-file", "--batch")
        with subprocess.Popen(  # noqa: S603 - no shell, and no argument comes from a user
            call,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment(self._names.root),
        ) as process:
            for file in wanted:
                data = _blob(process, self._objects.get(file.real, ""))
                if data is None:
                    fault = "git does not have the content of this file; fetch it"
                    yield self.finding("file-unreadable", file.name, fault)
                else:
                    yield self.bounded(file, data)

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
            listed = run_git(self._names.root, "ls-tree", "-r", "-z", "--full-tree", self.sha)
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
