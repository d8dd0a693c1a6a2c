"""Which repository PATH lies in, at which commit, and whether its files are those of the commit."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from . import git

_OWN_FOLDER = ".reconciler"


@dataclass(frozen=True, slots=True)
class RepoState:
    """The root of the files that PATH belongs to, absolute and without links: that of its repository; without git the
    nearest folder, from PATH's own upwards, that holds a tenant.yaml; without one PATH's folder.

    The cascade of defaults starts there, so a PATH within a tenant's folder gives the same schedules as that folder.
    `sha` is the commit that is checked out, None without git or before the first commit. `dirty` says that files which
    count differ from it. `fault` is why git could not tell, empty where it could or there is no repository.
    """

    root: str
    sha: str | None = None
    dirty: bool = False
    fault: str = ""


def state_of(path: str) -> RepoState:
    """The state of the repository that PATH lies in, also where PATH itself does not exist. Never raises for git."""
    folder = _folder_of(path)
    above = (folder, *folder.parents)
    root = next((each for each in above if _is_repository(each)), None)
    if root is None:
        return RepoState(str(next((each for each in above if _is_tenant(each)), folder)))
    try:
        status = git.run(
            str(root),
            "status",
            "--porcelain=v2",
            "--branch",
            "-z",
            "--untracked-files=all",
            "--ignored=traditional",
            "--",
            *_counting(folder, root),
        )
    except git.GitFailedError as error:
        return RepoState(str(root), fault=str(error))
    records = status.decode("utf-8", "surrogateescape").split("\0")
    oids = [each.removeprefix("# branch.oid ") for each in records if each.startswith("# branch.oid ")]
    sha = oids[0] if oids and oids[0] != "(initial)" else None
    return RepoState(str(root), sha, any(_is_change(record) for record in records))


def _folder_of(path: str) -> Path:
    """PATH's folder, or the nearest one above it that exists."""
    real = Path(os.path.realpath(path))
    return next((each for each in (real, *real.parents) if each.is_dir()), Path.cwd())


def _is_repository(folder: Path) -> bool:
    """Found without git, so that the cascade of defaults starts at the same folder on a machine without it."""
    mark = folder / ".git"
    return mark.is_file() or (mark / "HEAD").is_file()


def _is_tenant(folder: Path) -> bool:
    return (folder / "tenant.yaml").exists()


def _counting(folder: Path, root: Path) -> list[str]:
    """What the desired state is read from: the tenant's whole folder, and the defaults above it."""
    above = [each for each in (folder, *folder.parents) if each == root or root in each.parents]
    tenants = [each for each in above if _is_tenant(each)]
    top = tenants[-1] if tenants else folder
    names = [str(each / "defaults.yaml") for each in above if each in top.parents]
    return [str(top), *names]


def _is_change(record: str) -> bool:
    kind, _, name = record.partition(" ")
    if kind in ("1", "2", "u"):
        return True
    parts = name.split("/")
    if kind == "?":
        return _OWN_FOLDER not in parts
    # git does not see an ignored file, the loader does
    return (
        kind == "!" and name.endswith((".yaml", ".yml")) and not any(part[:1] in (".", "_") for part in parts)
    )
