"""A journal's runs, for people who ask what was written, by whom, when and from which revision."""

from __future__ import annotations

from ..model import JournalRun, JournalView
from ..phrases import counted
from .escape import json_text, visible


def journal_json(view: JournalView) -> str:
    """One document: head, counts of lines, healed and torn, and the runs in the order in which they began."""
    runs = [
        {
            "runId": run.run_id,
            "tenant": run.tenant,
            "first": run.first,
            "last": run.last,
            "actor": run.actor,
            "revision": run.revision,
            "digest": run.digest,
            "force": run.force,
            "ends": dict(run.ends),
            "pending": list(run.pending),
            "writes": [{"name": name, "status": status} for name, status in run.writes],
        }
        for run in view.runs
    ]
    return json_text(
        {
            "formatVersion": "1",
            "head": view.head,
            "lines": view.lines,
            "healed": view.healed,
            "torn": view.torn,
            "runs": runs,
        }
    )


def journal_text(view: JournalView, file: str) -> str:
    """The same for the terminal, ending with a newline."""
    lines: list[str] = []
    for run in view.runs:
        lines += [*_run(run), ""]
    if view.healed:
        torn = f"{counted(view.healed, 'torn line')} {'was' if view.healed == 1 else 'were'} healed,"
        lines.append(f"{torn} left by killed runs; their text is in JOURNAL_HEALED lines.")
    if view.torn:
        lines.append("The last line is torn: an apply was killed while it wrote. The next apply heals the journal.")
    lines.append(
        f"{visible(file)}: the chain of {counted(view.lines, 'line')} holds; {counted(len(view.runs), 'run')}; "
        f"head {view.head or 'none'}"
    )
    return "\n".join(lines) + "\n"


def _run(run: JournalRun) -> list[str]:
    ends = ", ".join(f"{count} {status}" for status, count in run.ends) or "nothing ended"
    lines = [
        f"Run {visible(run.run_id)} on {visible(run.tenant)}: {ends}",
        f"  from {visible(run.first)} to {visible(run.last)} by {visible(run.actor)}",
        f"  revision {visible(run.revision or 'unknown')}, plan {visible(run.digest or 'without a digest')}",
    ]
    if run.force is not None:
        lines.append(f"  safety limits and conflicts lifted by force: {visible(run.force)}")
    lines += [f"  {status:<13} {visible(name)}" for name, status in run.writes]
    if run.pending:
        lines.append(f"  {len(run.pending)} still PENDING: sent, and how they ended is not known; plan again to see")
    return lines
