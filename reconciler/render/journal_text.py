"""What a journal says, for people and programs: its runs, what each tenant was brought to, the schedules as they were."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..model import JsonObject
from ..model.journals import HeldSchedule, JournalRun, JournalView
from ..phrases import counted
from . import words
from .escape import json_text, visible

_VERSION = {"formatVersion": "1"}


def runs_json(views: Sequence[JournalView]) -> str:
    """One document: head, counts of lines, healed and torn, and the runs in the order in which they began; of several
    journals `{"formatVersion", "journals"}`."""
    documents = [
        {
            **_VERSION,
            "journal": view.name,
            "head": view.head,
            "lines": view.lines,
            "healed": view.healed,
            "torn": view.torn,
            "runs": [_run_document(run) for run in view.runs],
        }
        for view in views
    ]
    return json_text(documents[0] if len(documents) == 1 else {**_VERSION, "journals": documents})


def _run_document(run: JournalRun) -> JsonObject:
    return {
        "runId": run.run_id,
        "tenant": run.tenant,
        "first": run.first,
        "last": run.last,
        "actor": run.actor,
        "approvedBy": run.approved_by,
        "runUrl": run.run_url,
        "revision": run.revision,
        "dirty": run.dirty,
        "narrowed": run.narrowed,
        "converged": run.converged,
        "digest": run.digest,
        "force": run.force,
        "ends": dict(run.ends),
        "pending": list(run.pending),
        "writes": [{"name": name, "status": status} for name, status in run.writes],
    }


def runs_text(views: Sequence[JournalView]) -> str:
    """The same for the terminal, ending with a newline."""
    return "\n".join(line for view in views for line in _view(view)) + "\n"


def _view(view: JournalView) -> Iterator[str]:
    for run in view.runs:
        yield from _run(run)
        yield ""
    if view.healed:
        torn = f"{counted(view.healed, 'torn line')} {'was' if view.healed == 1 else 'were'} healed,"
        yield f"{torn} left by killed runs; their text is in JOURNAL_HEALED lines."
    if view.torn:
        yield "The last line is torn: an apply was killed while it wrote. The next apply heals the journal."
    yield (
        f"{visible(view.name)}: the chain of {counted(view.lines, 'line')} holds; {counted(len(view.runs), 'run')}; "
        f"head {view.head or 'none'}"
    )


def _run(run: JournalRun) -> Iterator[str]:
    ends = ", ".join(f"{count} {status}" for status, count in run.ends) or "nothing written"
    state = {True: "converged", False: "NOT converged", None: "its end is not in the journal"}[run.converged]
    yield f"Run {visible(run.run_id)} on {visible(run.tenant)}: {ends}; {state}"
    yield f"  from {visible(run.first)} to {visible(run.last)} by {_who(run.actor, run.approved_by)}"
    dirty = " with uncommitted changes" if run.dirty else ""
    part = ", a part of the tenant" if run.narrowed else ""
    plan = visible(run.digest or "without a digest")
    yield f"  revision {visible(run.revision or 'unknown')}{dirty}{part}, plan {plan}"
    if run.run_url is not None:
        yield f"  {visible(run.run_url)}"
    if run.force is not None:
        yield f"  safety limits and conflicts lifted by force: {visible(run.force)}"
    yield from (f"  {status:<13} {visible(name)}" for name, status in run.writes)
    if run.pending:
        yield f"  {len(run.pending)} still PENDING: sent, and how they ended is not known; plan again to see"


def _who(actor: str | None, approved_by: str | None) -> str:
    approved = f", approved by {visible(approved_by)}" if approved_by is not None else ""
    return f"{visible(actor or 'unknown')}{approved}"


def applied_json(applied: Mapping[str, JsonObject]) -> str:
    """By tenant, the lines that ended the runs: `{"formatVersion", "applied": [{"tenant", "revision", …}]}`."""
    keys = ("tenant", "revision", "timestamp", "runId", "runUrl", "actor", "approvedBy", "digest")
    lines = [{key: line.get(key) for key in keys} for _, line in sorted(applied.items())]
    return json_text({**_VERSION, "applied": lines})


def applied_text(applied: Mapping[str, JsonObject], *, alone: bool) -> str:
    """`TENANT<TAB>REVISION` lines; `alone` the revision only."""
    lines = [
        f"{'' if alone else visible(tenant) + chr(9)}{visible(str(line['revision']))}\n"
        for tenant, line in sorted(applied.items())
    ]
    return "".join(lines)


def schedules_json(schedules: Sequence[HeldSchedule], at: str) -> str:
    """`{"formatVersion", "at", "schedules": [{"tenant", "campaignId", "scheduleId", "body", …}]}`."""
    return json_text({**_VERSION, "at": at, "schedules": [_camel(schedule._asdict()) for schedule in schedules]})


def _camel(values: Mapping[str, Any]) -> JsonObject:
    return {re.sub("_(.)", lambda match: match[1].upper(), name): value for name, value in values.items()}


def schedules_text(schedules: Sequence[HeldSchedule], at: str) -> str:
    """The schedules with their weeks, who asked for them, who approved, and the run; ends with a newline."""
    blocks = ["\n".join(_schedule(schedule)) for schedule in schedules]
    return "\n\n".join([*blocks, f"{counted(len(schedules), 'schedule')} at {at}, as far as the journal knows."]) + "\n"


def _schedule(schedule: HeldSchedule) -> Iterator[str]:
    from .said import body_said  # of all that a journal is asked for only --at shows weeks

    who = f"{words.id_words(schedule.campaign_id)}  {words.in_quotes(schedule.name)}  {words.id_words(schedule.schedule_id)}"
    yield f"{visible(schedule.tenant)}  {visible(who)}"
    yield from (f"    {visible(line)}" for line in body_said(schedule.body))
    yield from (f"    {line}" for line in _provenance(schedule))


def _provenance(schedule: HeldSchedule) -> Iterator[str]:
    if schedule.status == "FOUND":
        yield f"Read by an apply on {visible(schedule.since)}; no write of the journal made it so"
    else:
        yield f"Written {visible(schedule.since)}, asked for by revision {visible(schedule.revision or 'unknown')}"
        yield f"Applied by {_who(schedule.actor, schedule.approved_by)}"
        yield f"Run {visible(schedule.run_id or 'unknown')}" + (
            f"  {visible(schedule.run_url)}" if schedule.run_url else ""
        )
    if schedule.force is not None:
        yield f"Safety limits and conflicts lifted by force: {visible(schedule.force)}"
    if schedule.status == "UNVERIFIED":
        yield "UNVERIFIED: CXone accepted this and held something else when it was read again"
    if schedule.unfinished is not None:
        yield f"A write began on {visible(schedule.unfinished)}, and how it ended was not known then"
    if schedule.edited is not None:
        yield f"Edited in CXone: something else than the last write was found on {visible(schedule.edited)}"
