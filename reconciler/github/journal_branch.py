"""The branch that keeps a tenant's journal, `cxone-journal/NAME`: fetched before an apply, appended to after it, by git alone.

The branch is an orphan with a file a month, and its history is that of the applies. It is the state across runs: the
revision that a tenant was brought to last stands in its last lines. The hash chain goes on from the branch into the lines
of an apply, so that lines which follow no other are refused instead of stored.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from ..audit.chain import GENESIS, last_lines, line_of, sound_entry
from ..audit.months import month_files
from ..errors import JournalBrokenError
from ..model import JsonObject
from .remote import Remote

_NOT_IN_A_REF = re.compile(r"[^\w.-]|^\.|\.(?=\.)|\.$|\.(?=lock$)")
_BEGINNING = '{"action":"'  # of every line of a journal
_README = """\
# Journal of calling schedules

What was written to one CXone tenant, when, by whom, and who approved it: a file a month, in which each line holds the hash
of the one before. `reconciler audit .` checks the chain and prints the runs. Applies append to this branch; nothing else
may change it.
"""


def branch_of(tenant: str) -> str:
    """The branch of a tenant; what the name of a branch cannot hold is percent-encoded, a blank as `%20`."""
    return "cxone-journal/" + _NOT_IN_A_REF.sub(
        lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), tenant
    )


def fetch_journal(remote: Remote, tenant: str, folder: Path) -> bool:
    """Put a tenant's journal into `folder`, which is new or empty; False where there is none yet.

    GitHubError where that cannot be found out: no journal and an origin that is away must never look the same.
    """
    folder.mkdir(parents=True, exist_ok=True)
    reference = f"refs/heads/{branch_of(tenant)}"
    origin = remote.origin

    def fetched() -> bool:
        remote.git("init", "--quiet", folder=folder)
        if not remote.git("ls-remote", origin, reference, folder=folder):
            return False
        remote.git("fetch", "--quiet", "--no-tags", "--depth=1", origin, reference, folder=folder)
        remote.git("reset", "--quiet", "--hard", "FETCH_HEAD", folder=folder)
        return True

    return remote.patiently(fetched)


def append_journal(remote: Remote, tenant: str, entries: Sequence[JsonObject], message: str) -> int:
    """Push the entries that a tenant's branch does not hold yet, in one commit; returns how many those were.

    Where somebody else pushed meanwhile, it starts again. JournalBrokenError where the entries do not go on from the
    branch's last line, GitHubError where it cannot be fetched or pushed.
    """
    origin = remote.origin

    def appended() -> int:
        with TemporaryDirectory() as made:
            folder = Path(made)
            if not fetch_journal(remote, tenant, folder):
                (folder / "README.md").write_text(_README, encoding="utf-8")
            fresh = _fresh(entries, folder, branch_of(tenant))
            if fresh:
                _write(fresh, folder)
                remote.git("add", "--all", folder=folder)
                remote.git("-c", "commit.gpgSign=false", "commit", "--quiet", f"--message={message}", folder=folder)
                remote.git("push", "--quiet", origin, f"HEAD:refs/heads/{branch_of(tenant)}", folder=folder)
            return len(fresh)

    return remote.patiently(appended)


def journal_lines(log: str) -> Iterator[JsonObject]:
    """The whole lines of a journal that stand in a log, whatever stands before each of them (such as a time)."""
    for line in log.split("\n"):
        _, beginning, rest = line.partition(_BEGINNING)
        try:
            entry = json.loads(beginning + rest)
        except ValueError:
            continue
        if isinstance(entry, dict) and (sound := sound_entry(line_of(entry))) is not None:
            yield sound


def _fresh(entries: Sequence[JsonObject], folder: Path, name: str) -> Sequence[JsonObject]:
    """The entries that follow the last line of the journal in `folder`; none where it holds the last of them."""
    files = month_files(folder)
    head = GENESIS
    if files:
        last = sound_entry(last_lines(files[-1])[0][-1][:-1])
        if last is None:
            raise JournalBrokenError(
                f"the last line of the branch {name} does not fit its own hash: somebody edited it"
            )
        head = str(last["hash"])
    start = next((number for number, entry in enumerate(entries) if entry.get("previous") == head), None)
    if start is not None:
        fresh = entries[start:]
        if all(entry.get("previous") == before["hash"] for before, entry in pairwise(fresh)):
            return fresh
    elif not entries or any(str(entries[-1]["hash"]) in file.read_text("utf-8", "replace") for file in files[-2:]):
        return ()
    raise JournalBrokenError(
        f"the lines of this apply do not go on from the last line of the branch {name}, so nothing was added to it",
        hint="lines are missing in between, or somebody else wrote to the branch; the artifact of this run and the log of its "
        "apply keep the lines",
    )


def _write(entries: Sequence[JsonObject], folder: Path) -> None:
    """Append to the newest file of the journal, or to that of the first entry's month where that is newer."""
    month = f"{str(entries[0]['timestamp'])[:7]}.jsonl"
    name = max([month, *(file.name for file in month_files(folder)[-1:])])
    with (folder / name).open("ab") as file:
        file.writelines(line_of(entry) + b"\n" for entry in entries)
