"""Which live schedule an entry of a file means (design §3, identity). Decided before anything is compared.

An entry finds its id in this order: the pinned id; the derived id, if live holds it; the only live schedule of its name
that no other entry claims; else a create under the derived id. Where several are left nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .. import canonical
from ..model import DesiredSchedule, Finding, LiveSchedule, Resolved, Severity


@dataclass(frozen=True, slots=True)
class Resolution:
    """The entries of one campaign that came to an id, in file order, and what was wrong with the others."""

    resolved: tuple[Resolved, ...]
    findings: tuple[Finding, ...]


def resolve(entries: Sequence[DesiredSchedule], live: Iterable[LiveSchedule]) -> Resolution:
    """Resolve all entries of one campaign against what the campaign holds; `live` has unique ids."""
    by_id = {each.schedule_id: each for each in live}
    own = [_own_id(entry, by_id) for entry in entries]
    claimed = {schedule_id for schedule_id in own if schedule_id is not None}
    resolved: list[Resolved] = []
    findings: list[Finding] = []
    for entry, schedule_id in zip(entries, own, strict=True):
        if schedule_id is not None:
            resolved.append(Resolved(entry, schedule_id, by_id.get(schedule_id)))
            continue
        same_name = sorted(
            each.schedule_id
            for each in by_id.values()
            if each.name == entry.name and each.schedule_id not in claimed
        )
        if len(same_name) > 1:
            findings.append(_ambiguous(entry, same_name))
        elif same_name:
            resolved.append(Resolved(entry, same_name[0], by_id[same_name[0]], adopted=True))
        else:
            resolved.append(Resolved(entry, canonical.derived_id(entry.campaign_id, entry.name), None))
    return _without_duplicates(resolved, findings)


def _own_id(entry: DesiredSchedule, by_id: dict[str, LiveSchedule]) -> str | None:
    if entry.pinned_id is not None:
        return entry.pinned_id
    derived = canonical.derived_id(entry.campaign_id, entry.name)
    return derived if derived in by_id else None


def _without_duplicates(resolved: list[Resolved], findings: list[Finding]) -> Resolution:
    kept: dict[str, Resolved] = {}
    for each in resolved:
        first = kept.setdefault(each.schedule_id, each)
        if first is not each:
            findings.append(_duplicate(first.schedule, each.schedule, each.schedule_id))
    adopted = [_adopted(each) for each in kept.values() if each.adopted]
    return Resolution(tuple(kept.values()), (*findings, *adopted))


def _ambiguous(entry: DesiredSchedule, ids: list[str]) -> Finding:
    return Finding(
        Severity.ERROR,
        "ambiguous-name",
        f"campaign {entry.campaign_id} holds {len(ids)} live schedules named {entry.name!r} and nothing says which one "
        f"this is; pin one of their ids with `id:` — {', '.join(ids)}",
        entry.places.locate(("name",)),
    )


def _duplicate(first: DesiredSchedule, second: DesiredSchedule, schedule_id: str) -> Finding:
    place = first.places.locate(())
    return Finding(
        Severity.ERROR,
        "duplicate-schedule",
        f"schedule {second.name!r} of {second.campaign_id} means the live schedule {schedule_id}, and so does "
        f"{first.name!r} at {place.file}:{place.line}; keep one of them, or pin another id",
        second.places.locate(()),
    )


def _adopted(each: Resolved) -> Finding:
    entry = each.schedule
    return Finding(
        Severity.NOTICE,
        "adopted",
        f"schedule {entry.name!r} of {entry.campaign_id} is matched by its name with the live schedule "
        f"{each.schedule_id}; write `id: {each.schedule_id}` into the file to keep that link through a rename",
        entry.places.locate(("name",)),
    )
