"""Which schedule an entry of a file means: its id, decided before anything is compared.

An entry finds its id in this order: the pinned id; the derived id, if live holds it; the only live schedule of its name
that no other entry claims; else a create under the derived id. Where several are left nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from . import canonical
from .findings import Finding, Severity
from .model import DesiredSchedule, LiveSchedule, Resolved


class Resolution(NamedTuple):
    """The entries of one campaign that came to an id of their own, sorted by it, and what was wrong with the others.

    `contested` are the live schedules that share the name of an entry which may mean any of them.
    """

    resolved: tuple[Resolved, ...]
    findings: tuple[Finding, ...]
    contested: frozenset[str] = frozenset()


def resolve(entries: Sequence[DesiredSchedule], live: Iterable[LiveSchedule]) -> Resolution:
    """Resolve all entries of one campaign against what the campaign holds; `live` has unique ids.

    Of several entries that come to one id the first by its place in the files is kept, so that the rest of the plan
    still shows; the plan as a whole is in error.
    """
    by_id = {schedule.schedule_id: schedule for schedule in live}
    own = []  # each entry with its id, and whether it claims that by itself, whatever the other entries are
    for entry in entries:
        own_id = entry.pinned_id or canonical.derived_id(entry.campaign_id, entry.name)
        own.append((entry, own_id, entry.pinned_id is not None or own_id in by_id))
    claimed = {own_id for _, own_id, claims in own if claims}
    unclaimed: dict[str, list[str]] = {}
    for schedule in by_id.values():
        if schedule.schedule_id not in claimed:
            unclaimed.setdefault(schedule.name, []).append(schedule.schedule_id)
    by_own_id: dict[str, list[Resolved]] = {}
    findings: list[Finding] = []
    contested: set[str] = set()
    for entry, own_id, claims in own:
        same_name = [] if claims else unclaimed.get(entry.name, [])
        if len(same_name) > 1:
            findings.append(_ambiguous(entry, same_name))
            contested.update(same_name)
            continue
        schedule_id = same_name[0] if same_name else own_id
        resolved = Resolved(entry, schedule_id, by_id.get(schedule_id), adopted=bool(same_name))
        by_own_id.setdefault(schedule_id, []).append(resolved)
    kept = []
    for _, same_id in sorted(by_own_id.items()):
        if len(same_id) > 1:
            same_id.sort(key=lambda resolved: resolved.schedule.places.locate(()))
            findings.extend(_duplicate(same_id[0], other) for other in same_id[1:])
        kept.append(same_id[0])
    findings.extend(_adopted(resolved) for resolved in kept if resolved.adopted)
    return Resolution(tuple(kept), tuple(findings), frozenset(contested))


def duplicates(schedules: Iterable[DesiredSchedule], *, skills: bool = False) -> tuple[Finding, ...]:
    """One finding at each entry that repeats the pinned id, or without one the name, of an entry before it: such entries
    come to one id whatever the tenant holds. `schedules` are in the order of their places. The numbers of `skills` are
    those of the whole tenant."""
    first: dict[tuple[str, bool, str], DesiredSchedule] = {}
    findings = []
    for entry in schedules:
        is_pinned = entry.pinned_id is not None
        key = "" if skills and is_pinned else entry.campaign_id, is_pinned, entry.pinned_id or entry.name
        earlier = first.setdefault(key, entry)
        if earlier is not entry:
            own_id = entry.pinned_id or canonical.derived_id(entry.campaign_id, entry.name)
            pair = Resolved(earlier, own_id, None), Resolved(entry, own_id, None)
            findings.append(_same_skill(*pair) if skills else _duplicate(*pair))
    return tuple(findings)


def _same_skill(first: Resolved, second: Resolved) -> Finding:
    place, entry = first.schedule.places.locate(()), second.schedule
    message = (
        f"schedule {entry.name!r} of {entry.campaign_id} means the same skill as {first.schedule.name!r} at "
        f"{place.file}:{place.line}:{place.column}, so each would overwrite the other; keep one of them, or pin another id"
    )
    return Finding(Severity.ERROR, "skill-not-usable", message, entry.places.locate(()))


def _ambiguous(entry: DesiredSchedule, ids: Sequence[str]) -> Finding:
    return Finding(
        Severity.ERROR,
        "ambiguous-name",
        f"campaign {entry.campaign_id} holds {len(ids)} schedules named {entry.name!r}, and nothing says which one of "
        f"them this is; write the id of the right one into the file as `id:`, one of {', '.join(sorted(ids))}",
        entry.places.locate(("name",)),
    )


def _duplicate(first: Resolved, second: Resolved) -> Finding:
    place = first.schedule.places.locate(())
    return Finding(
        Severity.ERROR,
        "duplicate-schedule",
        f"schedule {second.schedule.name!r} of {second.schedule.campaign_id} has the id {second.schedule_id} "
        f"({_way(second)}), and so has {first.schedule.name!r} at {place.file}:{place.line}:{place.column} "
        f"({_way(first)}), so each would overwrite the other; keep one of them, rename one, or pin another id",
        second.schedule.places.locate(()),
    )


def _way(resolved: Resolved) -> str:
    if resolved.schedule.pinned_id is not None:
        return "pinned in the file"
    return "the only live schedule of its name" if resolved.adopted else "derived from its name"


def _adopted(resolved: Resolved) -> Finding:
    entry = resolved.schedule
    return Finding(
        Severity.NOTICE,
        "adopted",
        f"schedule {entry.name!r} of {entry.campaign_id} is matched by its name with the live schedule "
        f"{resolved.schedule_id}; write `id: {resolved.schedule_id}` into the file to keep that link through a rename",
        entry.places.locate(("name",)),
    )
