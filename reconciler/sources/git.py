"""What git says of the work tree: from which commit it comes, and whether it differs.

git is called as a program, on one repository, whatever the environment of a hook says about another one. A fault of git
never stops a run that only wants to know where its files come from: it is reported, and the revision is then not known.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from ..errors import UsageError

_SHA1_DIGITS = 40
_OWN_FOLDER = ".reconciler"
_TENANT = "tenant.yaml"
_OID = "# branch.oid "
_SAFE = re.compile(
    r"GIT_(?:CONFIG_(?:GLOBAL|SYSTEM|NOSYSTEM|COUNT|KEY_\d+|VALUE_\d+)|EXEC_PATH|SSH|SSH_COMMAND|ASKPASS)"
)
_OPTIONS = ("--no-optional-locks", "--no-pager", "--no-replace-objects", "--literal-pathspecs")
_STATUS = ("--porcelain=v2", "--branch", "-z", "--untracked-files=all", "--ignored=traditional")
_NO_ACCESS: Mapping[str, str] = {}


class GitFailedError(Exception):
    """git is not installed, or said no; the text is its first line."""


def start_git(
    root: str,
    *arguments: str,
    stdout: int = subprocess.PIPE,
    stderr: int = subprocess.PIPE,
    access: Mapping[str, str] = _NO_ACCESS,
) -> subprocess.Popen[bytes]:
    """git in `root`, with pipes: it takes no locks, runs no configured file watcher, and sees every object as it was committed
    (`git replace` may stand another one in its place). OSError, or ValueError, where it cannot be started.

    It gets the caller's environment with its own language, without what changes which repository, which objects or which
    paths it takes, and without the variables of tenants, as they may hold secrets. `access` are variables that let it into
    a remote.
    """
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("GIT_", "CXONE_")) or _SAFE.fullmatch(name)
    }
    environment |= {"LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0", "GIT_CEILING_DIRECTORIES": str(Path(root).parent)}
    environment |= access
    command = ["git", "-C", root, *_OPTIONS, "-c", "core.fsmonitor=false", *arguments]
    return subprocess.Popen(  # noqa: S603 - no shell
        command,
        stdin=subprocess.PIPE,
        stdout=stdout,
        stderr=stderr,
        env=environment,
    )


def run_git(root: str, *arguments: str, stdin: bytes = b"", access: Mapping[str, str] = _NO_ACCESS) -> bytes:
    """What git prints. GitFailedError if it cannot be started or fails."""
    try:
        with start_git(root, *arguments, access=access) as process:
            printed, said = process.communicate(stdin)
    except (OSError, ValueError) as error:
        raise GitFailedError(f"git cannot be run ({error})") from error
    if process.returncode != 0:
        lines = said.decode("utf-8", "backslashreplace").strip().splitlines()
        fatal = (line for line in lines if line.startswith(("fatal:", "error:")))
        raise GitFailedError(next(fatal, lines[0] if lines else f"git ended with {process.returncode}"))
    return printed


def blob_id(data: bytes, like: str) -> str:
    """The name that git gives to a content, in the kind of the object name `like`."""
    made = hashlib.new(
        "sha256" if len(like) > _SHA1_DIGITS else "sha1", b"blob %d\0" % len(data), usedforsecurity=False
    )
    made.update(data)
    return made.hexdigest()


class RepoState(NamedTuple):
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
        real = Path(os.path.realpath(path))
        here = Path.cwd()
    except FileNotFoundError:
        raise UsageError("the current folder does not exist any more", hint="change to a folder that exists") from None
    # os.path says false, where pathlib fails, of a name too long
    folder = next((parent for parent in (real, *real.parents) if os.path.isdir(parent)), here)  # noqa: PTH112
    above = (folder, *folder.parents)
    # Found without git, so that the cascade of defaults starts at the same folder on a machine without it.
    marks = ((parent, parent / ".git") for parent in above)
    root = next((parent for parent, mark in marks if mark.is_file() or (mark / "HEAD").is_file()), None)
    if root is None:
        return RepoState(str(next((parent for parent in above if (parent / _TENANT).exists()), folder)))
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


def _counting(folder: Path, root: Path) -> tuple[str, ...]:
    """What the desired state is read from: the tenant's whole folder, and the defaults above it."""
    above = [parent for parent in (folder, *folder.parents) if parent == root or root in parent.parents]
    tenants = [parent for parent in above if (parent / _TENANT).exists()]
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
