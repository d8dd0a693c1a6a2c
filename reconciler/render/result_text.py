"""What apply did, for terminals and logs: every write, then what is not done and what to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ..model import Change, Plan
from ..model.results import Result, Status, WriteError, WriteResult
from ..phrases import counted
from ..week import read_week
from . import words
from .escape import visible
from .said import windows_said
from .screen import PLAIN, Screen, Tone

_TONES = {
    Status.SUCCESS: Tone.ADDED,
    Status.FAILED: Tone.GRAVE,
    Status.STALE: Tone.GRAVE,
    Status.UNVERIFIED: Tone.GRAVE,
    Status.NOT_ATTEMPTED: Tone.CHANGED,
}
_WEEKS = 50  # of more writes the weeks are shown with --verbose
_WIDTH = max(len(status) for status in Status)

_Changes = Mapping[tuple[str, str, str], Change]


def results_text(results: Sequence[Result], plans: Sequence[Plan] = (), screen: Screen = PLAIN) -> str:
    """One block a tenant; names and places of schedules come from `plans`. Ends with a newline."""
    changes = {(plan.tenant, *change.key): change for plan in plans for change in plan.changes}
    blocks = ["\n".join(_result_lines(result, changes, screen)) for result in results]
    if len(results) > 1:
        incomplete = ", ".join(words.id_words(result.tenant) for result in results if not is_done(result))
        says, mood = (f"NOT complete: {incomplete}.", Tone.GRAVE) if incomplete else ("all complete.", Tone.TITLE)
        blocks.append(screen.paint(visible(f"{len(results)} tenants, {says}"), mood))
    return screen.spelled("\n\n".join(blocks) + "\n")


def _result_lines(result: Result, changes: _Changes, screen: Screen) -> Iterator[str]:
    revision = result.revision[:12] if result.revision is not None else "none"
    yield f"{screen.paint(visible(f'Tenant {result.tenant}'), Tone.TITLE)}  {visible(f'run {result.run_id}, revision {revision}')}"
    if result.results or result.webhooks:
        yield ""
    for write in result.results:
        change = changes.get((result.tenant, *write.key))
        yield from _write(write, change, screen)
        if write.status is Status.SUCCESS and change is not None and (screen.verbose or len(result.results) <= _WEEKS):
            yield from (f"    {visible(line)}" for line in _live_now(change))
    for webhook in result.webhooks:
        yield f"{_status(webhook.status, screen)}  register webhook  {visible(words.id_words(webhook.name))}"
        yield from _errors(webhook.errors)
    yield ""
    yield visible(f"Digest: {result.digest or 'none'}")
    yield visible(f"Journal head: {result.journal_head or 'none'}")
    latency = result.latency_ms
    if latency["max"] is not None:
        yield f"Latency per write: p50 {latency['p50']} ms, p95 {latency['p95']} ms, max {latency['max']} ms"
    yield from (screen.paint(visible(line), Tone.CHANGED) for line in what_to_do(result))
    yield screen.paint(visible(result_summary(result)), Tone.TITLE if is_done(result) else Tone.GRAVE)


def _write(write: WriteResult, change: Change | None, screen: Screen) -> Iterator[str]:
    name = f"  {words.in_quotes(change.name)}" if change is not None else ""
    who = f"{words.id_words(write.campaign_id)}{name}  {words.id_words(write.schedule_id)}"
    parts = [
        f"HTTP {write.http_status}" if write.http_status is not None else "",
        counted(write.attempts, "attempt") if write.attempts else "",
        f"{write.latency_ms} ms" if write.latency_ms is not None else "",
        f"live status {write.live_status}" if write.live_status not in (None, "ACTIVE") else "",
    ]
    how = ", ".join(part for part in parts if part)
    yield f"{_status(write.status, screen)}  {write.action}  {visible(f'{who}  {how}'.rstrip())}"
    if write.errors and change is not None and change.source is not None:
        yield f"    {screen.paint(visible(f'from {words.place(change.source)}'), Tone.QUIET)}"
    yield from _errors(write.errors)


def _live_now(change: Change) -> Iterator[str]:
    """The windows of a schedule that was written."""
    week = read_week(change.request.body)
    if week is not None:
        yield from windows_said(week)
        yield f"{week.hours:g} h a week live now"


def _status(status: Status, screen: Screen) -> str:
    return screen.paint(status.ljust(_WIDTH), _TONES[status])


def _errors(errors: Sequence[WriteError]) -> Iterator[str]:
    for error in errors:
        field = f"{error.field}: " if error.field is not None else ""
        again = " (another run may succeed)" if error.retryable else ""
        yield f"    {visible(f'{error.code}: {field}{error.message}{again}')}"
        if error.hint:
            yield f"      {visible(f'hint: {error.hint}')}"


def is_done(result: Result) -> bool:
    """Whether everything that was agreed is written, verified and still there."""
    early = result.interrupted or result.stopped is not None or bool(result.left_out)
    return result.converged and not early and _ends(result) <= {Status.SUCCESS}


def _ends(result: Result) -> set[Status]:
    return {write.status for write in result.results} | {webhook.status for webhook in result.webhooks}


def what_to_do(result: Result) -> Iterator[str]:
    """One sentence for each way in which the run is not complete, with the next step."""
    ended = _ends(result)
    if result.interrupted:
        yield "Interrupted: no further write was started; those under way were finished and are in the journal."
    if result.stopped is not None:
        yield f"Stopped early: {result.stopped}"
    if result.left_out:
        names = ", ".join(map(words.id_words, result.left_out))
        yield f"Left out, because they could not be read: {names}. Nothing was written to them."
    if Status.FAILED in ended:
        yield "Failed: correct what the errors name, then apply again; what succeeded is not written twice."
    if Status.STALE in ended:
        yield "Stale: changed in CXone since the plan, so not overwritten; run plan again and look at the edit."
    if Status.UNVERIFIED in ended:
        yield "Unverified: CXone accepted the write and holds something else; look at it in the console, it may dial otherwise than git says."
    if Status.NOT_ATTEMPTED in ended:
        yield "Not attempted: nothing was sent for these; apply again."
    if not result.converged:
        yield "Not converged: a fresh plan of the touched campaigns is not empty or warns of a webhook that is registered twice, or they could not be read again; run plan."


def result_summary(result: Result) -> str:
    """`Apply: 1 created, 2 updated, … Converged.`"""
    ended = result.summary
    lacking = len(result.webhooks) - ended["webhooks"]
    figures = [
        (ended["created"], "created"),
        (ended["updated"], "updated"),
        (ended["failed"], "failed"),
        (ended["stale"], "stale"),
        (ended["unverified"], "unverified"),
        (ended["notAttempted"], "not attempted"),
        (ended["webhooks"], "webhook registered" if ended["webhooks"] == 1 else "webhooks registered"),
        (lacking, "webhook not registered" if lacking == 1 else "webhooks not registered"),
    ]
    told = ", ".join(f"{count} {what}" for count, what in figures if count) or "nothing to write"
    converged = "Converged" if result.converged else "NOT converged"
    interrupted = ", interrupted" if result.interrupted else ""
    return f"Apply: {told}. {converged}{interrupted}."
