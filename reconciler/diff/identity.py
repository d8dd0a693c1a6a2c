"""Which live schedule an entry of a file means (design §3, identity). Decided before anything is compared.

An entry finds its id in this order: the pinned id; the derived id, if live holds it; the only live schedule of its name
that no other entry claims; else a create under the derived id. Where several are left nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from .. import canonical
from ..model import DesiredSchedule, Finding, LiveSchedule, Resolved, Severity


@dataclass(frozen=True, slots=True)
class Resolution:
    """The entries of one campaign that came to an id of their own, sorted by it, and what was wrong with the others.

    `contested` are the live schedules of which nobody can tell which one an entry means.
    """

    resolved: tuple[Resolved, ...]
    findings: tuple[Finding, ...]
    contested: frozenset[str] = frozenset()


def resolve(entries: Sequence[DesiredSchedule], live: Iterable[LiveSchedule]) -> Resolution:
    """Resolve all entries of one campaign against what the campaign holds; `live` has unique ids.

    Of several entries that come to one id the first by its place in the files is kept, so that the rest of the plan
    still shows; the plan as a whole is in error.
    """
    by_id = {each.schedule_id: each for each in live}
    own = [(entry, _own_id(entry, by_id)) for entry in entries]
    claimed = {schedule_id for _, schedule_id in own if schedule_id is not None}
    unclaimed = _ids_by_name(each for each in by_id.values() if each.schedule_id not in claimed)
    found: dict[str, list[Resolved]] = {}
    findings: list[Finding] = []
    contested: set[str] = set()
    for entry, schedule_id in own:
        same_name = unclaimed.get(entry.name, ()) if schedule_id is None else ()
        if len(same_name) > 1:
            findings.append(_ambiguous(entry, same_name))
            contested.update(same_name)
            continue
        each = _resolved(entry, schedule_id, same_name, by_id)
        found.setdefault(each.schedule_id, []).append(each)
    kept = [_first(found[schedule_id], findings) for schedule_id in sorted(found)]
    findings.extend(_adopted(each) for each in kept if each.adopted)
    return Resolution(tuple(kept), tuple(findings), frozenset(contested))


def _own_id(entry: DesiredSchedule, by_id: Mapping[str, LiveSchedule]) -> str | None:
    """The id that an entry claims by itself, whatever the other entries are."""
    if entry.pinned_id is not None:
        return entry.pinned_id
    derived = canonical.derived_id(entry.campaign_id, entry.name)
    return derived if derived in by_id else None


def _ids_by_name(live: Iterable[LiveSchedule]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for each in live:
        found.setdefault(each.name, []).append(each.schedule_id)
    return found


def _resolved(
    entry: DesiredSchedule,
    own_id: str | None,
    same_name: Sequence[str],
    by_id: Mapping[str, LiveSchedule],
) -> Resolved:
    if own_id is not None:
        return Resolved(entry, own_id, by_id.get(own_id))
    if same_name:
        return Resolved(entry, same_name[0], by_id[same_name[0]], adopted=True)
    return Resolved(entry, canonical.derived_id(entry.campaign_id, entry.name), None)


def _first(same_id: list[Resolved], findings: list[Finding]) -> Resolved:
    """The first of the entries that came to one id; every other one is a finding."""
    if len(same_id) == 1:
        return same_id[0]
    first, *others = sorted(same_id, key=lambda each: each.schedule.places.locate(()))
    findings.extend(_duplicate(first, other) for other in others)
    return first


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
        f"schedule {second.schedule.name!r} of {second.schedule.campaign_id} comes to the id {second.schedule_id} "
        f"({_way(second)}), and so does {first.schedule.name!r} at {place.file}:{place.line}:{place.column} "
        f"({_way(first)}), so that each would overwrite the other; keep one of them, rename one, or pin another id",
        second.schedule.places.locate(()),
    )


def _way(each: Resolved) -> str:
    if each.schedule.pinned_id is not None:
        return "pinned in the file"
    return "the only live schedule of its name" if each.adopted else "derived from its name"


def _adopted(each: Resolved) -> Finding:
    entry = each.schedule
    return Finding(
        Severity.NOTICE,
        "adopted",
        f"schedule {entry.name!r} of {entry.campaign_id} is matched by its name with the live schedule "
        f"{each.schedule_id}; write `id: {each.schedule_id}` into the file to keep that link through a rename",
        entry.places.locate(("name",)),
    )
