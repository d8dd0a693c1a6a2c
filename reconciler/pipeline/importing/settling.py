"""Live schedules of one tenant → the texts of its files that say the same, proven by loading them.

An edit may have effects elsewhere in its file, through an anchor. So edits are made, the outcome is loaded as it would be
from disk, and what is left is edited again, until every entry says what it should: the live schedule's content, or for
one that is gone, or cannot be edited, what it said before. Nothing is written here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ... import adopt
from ...errors import ReconcilerError
from ...fields import Patterns, without
from ...files import File
from ...model import LiveSchedule, Resolved
from .overlay import Overlay
from .state import Key, State, Task, kept_ignored, state_of

_ROUNDS = 8


@dataclass(frozen=True, slots=True)
class Settled:
    """Texts by real name, of new and of changed files; what the files said and what they will say; the schedules that
    could not be brought in, with the reason."""

    texts: Mapping[str, bytes]
    before: State
    after: State
    failed: Mapping[Key, str]


def settle(task: Task, source: Overlay, before: State) -> Settled:
    """The texts that say what live says. `before` is the state of `source`, without errors."""
    failed: dict[Key, str] = {}
    while True:
        left = {**task.left, **failed}
        attempt = _attempt(replace(task, left=left), source, before)
        if not attempt.failed:
            return Settled(attempt.texts, before, attempt.state, _told(task, attempt.state, before, failed))
        new = {key: reason for key, reason in attempt.failed.items() if key not in left}
        failed |= new or _neighbors(attempt.failed, before, left)


def _neighbors(failed: Mapping[Key, str], before: State, left: Mapping[Key, str]) -> dict[Key, str]:
    """The schedules whose edits, in the same files, do harm to those that are left as they are already."""
    files = {before.file_of(before.entries[key]) for key in failed if key in before.entries}
    found = {
        key: "it shares values with another entry of its file, which has to stay as it is"
        for key, each in before.entries.items()
        if key not in left and before.file_of(each) in files
    }
    if not found:
        campaign_id, schedule_id = min(failed)
        raise ReconcilerError(
            f"nothing was written: no way was found to leave schedule {schedule_id} of campaign {campaign_id} as it is",
            hint="import the other campaigns with --campaign, and edit the file of this one by hand",
        )
    return found


def _told(task: Task, after: State, before: State, failed: Mapping[Key, str]) -> dict[Key, str]:
    """Those of the failed schedules that do differ from what the tenant holds; the others only had to stay."""
    return {
        key: reason
        for key, reason in failed.items()
        if (now := after.entries.get(key)) is None
        or _goal(task, key, now, before.entries.get(key)) is not None
    }


def unsettled(task: Task, settled: Settled, state: State) -> bool:
    """Whether a state of the files, loaded again, does not say what was settled."""
    task = replace(task, left={**task.left, **settled.failed})
    return bool(state.errors or _left_to_do(task, state, settled.before))


@dataclass(frozen=True, slots=True)
class _Attempt:
    texts: Mapping[str, bytes]
    state: State
    failed: Mapping[Key, str]


@dataclass(slots=True)
class _Work:
    """What is left to do in one file: entries to edit by their place, and new schedules by campaign."""

    goals: dict[adopt.Place, tuple[Key, adopt.Goal]]
    new: dict[str, list[LiveSchedule]]

    def about(self) -> list[Key]:
        """The schedules that it is about."""
        fresh = [(each.campaign_id, each.schedule_id) for new in self.new.values() for each in new]
        return [*(key for key, _ in self.goals.values()), *fresh]


def _attempt(task: Task, source: Overlay, before: State) -> _Attempt:
    texts = _new_texts(task)
    work: dict[str, _Work] = {}
    state = before
    for _ in range(_ROUNDS):
        state = state_of(task, source.with_texts(texts)) if texts else before
        if state.errors:
            return _Attempt(texts, state, _broken(task, state, before, texts))
        work = _left_to_do(task, state, before)
        if not work:
            return _Attempt(texts, state, _harmed(task, state, before))
        failed: dict[Key, str] = {}
        for name, each in work.items():
            texts[name] = _edited(source.with_texts(texts), name, each, task.ignored, failed)
        if failed:
            return _Attempt(texts, state, failed)
    words = "its entry does not come to say what the tenant holds"
    return _Attempt(texts, state, {key: words for each in work.values() for key in each.about()})


def _new_texts(task: Task) -> dict[str, bytes]:
    texts = {}
    for campaign_id, name in task.create.items():
        schedules = [
            each
            for each in task.live[campaign_id].schedules
            if (campaign_id, each.schedule_id) not in task.left
        ]
        if schedules or not task.live[campaign_id].schedules:
            texts[name] = adopt.campaign_text(campaign_id, schedules, task.schema).encode("utf-8")
    return texts


def _left_to_do(task: Task, state: State, before: State) -> dict[str, _Work]:
    """What differs from what it should be, by file."""
    work: dict[str, _Work] = {}
    for key, each in state.entries.items():
        goal = _goal(task, key, each, before.entries.get(key))
        if goal is not None:
            place = each.schedule.places.locate(())
            of_file = work.setdefault(state.file_of(each), _Work({}, {}))
            of_file.goals[place.line, place.column] = key, goal
    for campaign_id, live in task.live.items():
        for schedule in live.schedules:
            key = campaign_id, schedule.schedule_id
            if key not in state.entries and key not in task.left:
                of_file = work.setdefault(task.homes[campaign_id], _Work({}, {}))
                of_file.new.setdefault(campaign_id, []).append(schedule)
    return work


def _goal(task: Task, key: Key, now: Resolved, before: Resolved | None) -> adopt.Goal | None:
    entry, live, pin = now.schedule, now.live, None
    if live is None or key in task.left:
        content = before.schedule.content if before is not None else entry.content
    else:
        content = kept_ignored(live.content, (before or now).schedule.content, task.ignored)
        pin = key[1] if entry.pinned_id is None and live.name != entry.name else None
    if pin is None and without(entry.content, task.ignored) == without(content, task.ignored):
        return None
    return adopt.Goal(entry, content, pin)


def _edited(source: Overlay, name: str, work: _Work, ignored: Patterns, failed: dict[Key, str]) -> bytes:
    data = next(iter(source.read((File(name, name),))))
    assert isinstance(data, bytes)  # noqa: S101 - it was loaded a moment ago
    goals = {place: goal for place, (_, goal) in work.goals.items()}
    try:
        outcome = adopt.rewrite(data.decode("utf-8"), goals, work.new, ignored)
    except adopt.NeedsAHandError as error:
        failed |= dict.fromkeys(work.about(), str(error))
        return data
    for place, reason in outcome.failed.items():
        if isinstance(place, str):
            failed |= {(place, each.schedule_id): reason for each in work.new[place]}
        else:
            failed[work.goals[place][0]] = reason
    return outcome.text.encode("utf-8")


def _broken(task: Task, state: State, before: State, texts: Mapping[str, bytes]) -> dict[Key, str]:
    """The schedules of the files that can no longer be loaded: their edits are given up, with the first reason."""
    failed: dict[Key, str] = {}
    for error in reversed(state.errors):
        name = state.names.get(error.location.file) if error.location is not None else None
        if name is None or name not in texts:
            raise ReconcilerError(
                f"nothing was written: the files could not be loaded again: {error.message}"
            )
        campaigns = {each for each, home in (*task.create.items(), *task.homes.items()) if home == name}
        keys = {key for key, each in before.entries.items() if before.file_of(each) == name}
        keys |= {(each, live.schedule_id) for each in campaigns for live in task.live[each].schedules}
        failed |= dict.fromkeys(keys - task.left.keys(), error.message)
    return failed


def _harmed(task: Task, state: State, before: State) -> dict[Key, str]:
    """The schedules of which something was changed that is no difference to live."""
    failed: dict[Key, str] = {}
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
        entry.jurisdictions == before.jurisdictions and entry.pinned_id in pinned and entry.content == content
    )
