"""Live schedules of one tenant → the texts of its files that say the same, proven by loading them.

Why not compute each edit and be done? Because in a file nothing stands alone. A value behind an anchor is shared by
entries that are not meant; a defaults.yaml gives what an entry lacks; an edit of one day splits an entry that
says several. To foresee all of it would be a second reader of the files, and the two would come to differ. So nothing is
foreseen. Edits are made, the outcome is loaded as it would be from disk, by the one reader there is, and what still
differs is edited again, until every entry says what it should: the live schedule's content, or for one that is gone, or
cannot be edited, what it said before.

Where that does not come about, the schedules in the way are given up one by one, each with its reason, and all starts anew
without them, so that an edit that does harm leaves no trace. It ends, because every round gives up at least one schedule
more. Nothing is written here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from .. import desired, identity, put_body
from ..errors import ReconcilerError
from ..files import File
from ..findings import Finding
from ..identity import Resolution
from ..model import CampaignLive, DesiredSchedule, JsonObject, LiveSchedule, Resolved
from ..put_body import Patterns, without
from . import edit
from .choice import ScheduleKey, blocking
from .folder import Overlay

Resolve = Callable[[Sequence[DesiredSchedule], Sequence[LiveSchedule]], Resolution]
_ROUNDS = 8


@dataclass(frozen=True, slots=True)
class ImportTask:
    """What is to be settled: `live` campaigns into new files (`create`) or files that are there (`homes`), by real name.

    `path` is the tenant's folder for the loader, `schema` the path from a new file to its schema. `left` are the
    schedules that are left as they are, with the reason. `resolve` says which live schedules entries mean.
    """

    path: str
    tenant: str
    allowed: frozenset[str]
    ignored: Patterns
    live: Mapping[str, CampaignLive]
    create: Mapping[str, str]
    homes: Mapping[str, str]
    left: Mapping[ScheduleKey, str]
    schema: str | None = None
    resolve: Resolve = identity.resolve


@dataclass(frozen=True, slots=True)
class FilesState:
    """What the files say of the campaigns of a task: the entries by what they mean, the real names of the files by the
    names that users see, and everything that is wrong."""

    entries: Mapping[ScheduleKey, Resolved]
    names: Mapping[str, str]
    errors: tuple[Finding, ...]

    def file_of(self, entry: Resolved) -> str:
        """The real name of the file that an entry stands in."""
        return self.names[entry.schedule.places.locate(()).file]


@dataclass(frozen=True, slots=True)
class Settled:
    """Texts by real name, of new and of changed files; what the files said and what they will say; the schedules that
    could not be brought in, with the reason."""

    texts: Mapping[str, bytes]
    before: FilesState
    after: FilesState
    failed: Mapping[ScheduleKey, str]


def settle(
    task: ImportTask, source: Overlay, before: FilesState, unclear: Mapping[ScheduleKey, str] | None = None
) -> Settled:
    """The texts that say what live says. `before` is the state of `source`, without errors; `unclear` are the schedules of
    which it is not known what the files should say, with the reason."""
    failed: dict[ScheduleKey, str] = {**(unclear or {})}
    while True:
        left = {**task.left, **failed}
        attempt = _attempt(replace(task, left=left), source, before)
        if not attempt.failed:
            return replace(attempt, failed=_differing(task, attempt.after, before, failed))
        new = {key: reason for key, reason in attempt.failed.items() if key not in left}
        failed |= new or _neighbors(attempt.failed, before, left)


def _neighbors(
    failed: Mapping[ScheduleKey, str], before: FilesState, left: Mapping[ScheduleKey, str]
) -> dict[ScheduleKey, str]:
    """The schedules whose edits, in the same files, do harm to those that are left as they are already."""
    files = {before.file_of(before.entries[key]) for key in failed if key in before.entries}
    neighbors = {
        key: "it shares values with another entry of its file, which has to stay as it is"
        for key, entry in before.entries.items()
        if key not in left and before.file_of(entry) in files
    }
    if not neighbors:
        campaign_id, schedule_id = min(failed)
        raise ReconcilerError(
            f"nothing was written: no way was found to leave schedule {schedule_id} of campaign {campaign_id} as it is",
            hint="import the other campaigns with --campaign, and edit the file of this one by hand",
        )
    return neighbors


def _differing(
    task: ImportTask, after: FilesState, before: FilesState, failed: Mapping[ScheduleKey, str]
) -> dict[ScheduleKey, str]:
    """Those of the failed schedules that do differ from what the tenant holds; the others only had to stay."""
    return {
        key: reason
        for key, reason in failed.items()
        if (now := after.entries.get(key)) is None or _goal(task, key, now, before.entries.get(key)) is not None
    }


def unsettled(task: ImportTask, settled: Settled, state: FilesState) -> bool:
    """Whether a state of the files, loaded again, does not say what was settled."""
    task = replace(task, left={**task.left, **settled.failed})
    return bool(state.errors or _left_to_do(task, state, settled.before))


@dataclass(slots=True)
class _Work:
    """What is left to do in one file: entries to edit by their place, and new schedules by campaign."""

    goals: dict[edit.EntryPlace, tuple[ScheduleKey, edit.Goal]]
    new: dict[str, list[LiveSchedule]]

    def about(self) -> list[ScheduleKey]:
        """The schedules that it is about."""
        fresh = [(live.campaign_id, live.schedule_id) for new in self.new.values() for live in new]
        return [*(key for key, _ in self.goals.values()), *fresh]


def _attempt(task: ImportTask, source: Overlay, before: FilesState) -> Settled:
    texts = _new_texts(task)
    work: dict[str, _Work] = {}
    state = before
    for _ in range(_ROUNDS):
        state = files_state(task, source.with_texts(texts)) if texts else before
        if state.errors:
            return Settled(texts, before, state, _broken(task, state, before, texts))
        work = _left_to_do(task, state, before)
        if not work:
            return Settled(texts, before, state, _harmed(task, state, before))
        failed: dict[ScheduleKey, str] = {}
        for name, of_file in work.items():
            texts[name] = _edited(source.with_texts(texts), name, of_file, task.ignored, failed)
        if failed:
            return Settled(texts, before, state, failed)
    words = "its entry does not come to say what the tenant holds"
    return Settled(texts, before, state, {key: words for of_file in work.values() for key in of_file.about()})


def _new_texts(task: ImportTask) -> dict[str, bytes]:
    texts = {}
    for campaign_id, name in task.create.items():
        schedules = [
            live for live in task.live[campaign_id].schedules if (campaign_id, live.schedule_id) not in task.left
        ]
        if schedules or not task.live[campaign_id].schedules:
            texts[name] = edit.campaign_text(campaign_id, schedules, task.schema).encode("utf-8")
    return texts


def _left_to_do(task: ImportTask, state: FilesState, before: FilesState) -> dict[str, _Work]:
    """What differs from what it should be, by file."""
    work: dict[str, _Work] = {}
    for key, entry in state.entries.items():
        goal = _goal(task, key, entry, before.entries.get(key))
        if goal is not None:
            place = entry.schedule.places.locate(())
            of_file = work.setdefault(state.file_of(entry), _Work({}, {}))
            of_file.goals[place.line, place.column] = key, goal
    for campaign_id, live in task.live.items():
        for schedule in live.schedules:
            key = campaign_id, schedule.schedule_id
            if key not in state.entries and key not in task.left:
                of_file = work.setdefault(task.homes[campaign_id], _Work({}, {}))
                of_file.new.setdefault(campaign_id, []).append(schedule)
    return work


def _goal(task: ImportTask, key: ScheduleKey, now: Resolved, before: Resolved | None) -> edit.Goal | None:
    entry, live, pin = now.schedule, now.live, None
    if live is None or key in task.left:
        content = before.schedule.content if before is not None else entry.content
    else:
        content = kept_ignored(live.content, (before or now).schedule.content, task.ignored)
        pin = key[1] if entry.pinned_id is None and live.name != entry.name else None
    if pin is None and without(entry.content, task.ignored) == without(content, task.ignored):
        return None
    return edit.Goal(entry, content, pin)


def _edited(source: Overlay, name: str, work: _Work, ignored: Patterns, failed: dict[ScheduleKey, str]) -> bytes:
    data = source.data(name)
    goals = {place: goal for place, (_, goal) in work.goals.items()}
    try:
        outcome = edit.rewrite(data.decode("utf-8"), goals, work.new, ignored)
    except edit.EditByHandError as error:
        failed |= dict.fromkeys(work.about(), str(error))
        return data
    for place, reason in outcome.failed.items():
        if isinstance(place, str):
            failed |= {(place, live.schedule_id): reason for live in work.new[place]}
        else:
            failed[work.goals[place][0]] = reason
    return outcome.text.encode("utf-8")


def _broken(
    task: ImportTask, state: FilesState, before: FilesState, texts: Mapping[str, bytes]
) -> dict[ScheduleKey, str]:
    """The schedules of the files that can no longer be loaded: their edits are given up, with the first reason."""
    failed: dict[ScheduleKey, str] = {}
    for error in reversed(state.errors):
        name = state.names.get(error.location.file) if error.location is not None else None
        if name is None or name not in texts:
            raise ReconcilerError(f"nothing was written: the files could not be loaded again: {error.message}")
        campaigns = {campaign_id for campaign_id, home in (*task.create.items(), *task.homes.items()) if home == name}
        keys = {key for key, entry in before.entries.items() if before.file_of(entry) == name}
        keys |= {
            (campaign_id, live.schedule_id) for campaign_id in campaigns for live in task.live[campaign_id].schedules
        }
        failed |= dict.fromkeys(keys - task.left.keys(), error.message)
    return failed


def _harmed(task: ImportTask, state: FilesState, before: FilesState) -> dict[ScheduleKey, str]:
    """The schedules of which something was changed that is no difference to live."""
    failed: dict[ScheduleKey, str] = {}
    for key, old in before.entries.items():
        now = state.entries.get(key)
        left = old.live is None or key in task.left
        if now is None or not _is_kept(now, old, task.ignored, left=left):
            failed[key] = "an edit would change more than what differs"
    return failed


def _is_kept(now: Resolved, old: Resolved, ignored: Patterns, *, left: bool) -> bool:
    entry, before = now.schedule, old.schedule
    pinned = {before.pinned_id} if left else {before.pinned_id, old.schedule_id}
    content = before.content if left else kept_ignored(entry.content, before.content, ignored)
    return (
        (entry.jurisdictions, entry.exemption, entry.closures)
        == (before.jurisdictions, before.exemption, before.closures)
        and entry.pinned_id in pinned
        and entry.content == content
    )


def files_state(task: ImportTask, source: Overlay) -> FilesState:
    """Load the files and find out which live schedule each entry means."""
    if not task.live:
        return FilesState({}, {}, ())
    tenants, campaigns = frozenset({task.tenant}), frozenset(task.live)
    loaded = desired.load(source, task.path, tenants, campaigns, allowed=task.allowed)
    findings = [*loaded.findings, *(finding for tenant in loaded.tenants for finding in tenant.findings)]
    schedules: dict[str, list[DesiredSchedule]] = {}
    for tenant in loaded.tenants:
        for schedule in tenant.schedules:
            schedules.setdefault(schedule.campaign_id, []).append(schedule)
    entries: dict[ScheduleKey, Resolved] = {}
    for campaign_id, live in task.live.items():
        resolution = task.resolve(schedules.get(campaign_id, ()), live.schedules)
        findings += resolution.findings
        entries |= {(campaign_id, entry.schedule_id): entry for entry in resolution.resolved}
    target = source.target(task.path)
    files: tuple[File, ...] = source.files(target.name).files if target is not None else ()
    names = {source.shown(file.name): file.real for file in files}
    errors = blocking(findings)
    return FilesState(entries, names, errors)


def kept_ignored(live: JsonObject, own: JsonObject, ignored: Patterns) -> JsonObject:
    """The live content in which the ignored fields are as git has them."""
    body = put_body.update_body(live, LiveSchedule("", "", own), ignored, ())
    return {name: body[name] for name in live}
