"""What a comparison shows beside the changes, for those who answer for the dialing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from .. import canonical
from ..findings import Finding, Severity
from ..model import Action, CampaignDiff, Change, JsonObject, LiveSchedule, Resolved
from ..phrases import first_of
from ..put_body import Patterns, plain, server_managed, unselected, without

_LISTED = 3  # look-alikes that one finding names


def notices(diffs: Sequence[CampaignDiff], ignored: Patterns, preserved: Patterns) -> Iterator[Finding]:
    """`unmanaged-field`, `not-active`, `recreated`, `possible-rename` and `released`, for all campaigns of a tenant."""
    managed = [entry for diff in diffs for entry in (*diff.unchanged, *diff.changed)]
    live = [entry.live for entry in managed if entry.live is not None]
    if live:
        yield from _unmanaged_fields(live, (*ignored, *preserved))
    for entry in managed:
        if entry.live is not None and entry.live.status is not None and entry.live.status.upper() != "ACTIVE":
            message = (
                f"schedule {entry.schedule.name!r} of {entry.live.campaign_id} has the status {entry.live.status!r} in "
                "CXone, not 'ACTIVE', so it may not be dialing: a registration can fail without an error; look at it in the "
                "console"
            )
            yield Finding(Severity.WARNING, "not-active", message, entry.schedule.places.locate(()))
    for diff in diffs:
        pairs = zip(diff.changes, diff.changed, strict=True)
        creates = [(change, entry) for change, entry in pairs if change.action is Action.CREATE]
        for change, entry in creates:  # what was never applied, nobody can have deleted
            if change.in_applied is not False and (change.in_base or entry.schedule.pinned_id is not None):
                yield _recreated(change)
        if creates and diff.unmanaged:
            yield from _possible_renames(creates, diff.unmanaged, (*ignored, ("name",)))
        yield from map(_released, diff.released)


def _unmanaged_fields(live: Iterable[LiveSchedule], carried: Patterns) -> Iterator[Finding]:
    """One notice per field: what a PUT of these schedules would lose. An empty field loses nothing."""
    counts: Counter[str] = Counter()
    is_managed = cache(server_managed)  # schedules have the same few
    for schedule in live:
        extras = [(path, value) for path, value in schedule.extras if value is not None and not is_managed(path)]
        lost = {plain(path) for path, value in unselected(extras, carried) if value is not None}
        counts.update(".".join(map(str, name)) for name in lost)
    for name, count in counts.items():
        who = "1 schedule that git manages holds" if count == 1 else f"{count} schedules that git manages hold"
        yield Finding(
            Severity.NOTICE,
            "unmanaged-field",
            f"{who} the field {name!r} in CXone, which git does not know and an update loses; name it in preserveFields "
            "of tenant.yaml to carry it over",
        )


def _recreated(change: Change) -> Finding:
    why = "git had it at the base already" if change.in_base else f"the file pins its id {change.schedule_id}"
    return Finding(
        Severity.WARNING,
        "recreated",
        f"schedule {change.name!r} of {change.campaign_id} would be created again: {why}, but CXone does not hold it; "
        "somebody may have deleted it in the console, perhaps to stop dialing, so ask before you apply",
        change.source,
    )


def _possible_renames(
    creates: Iterable[tuple[Change, Resolved]], unmanaged: Iterable[LiveSchedule], nameless: Patterns
) -> Iterator[Finding]:
    """A create and an unmanaged schedule look alike when they differ in nothing but the name, or have the same name.
    `nameless` are the patterns of what does not count, the name among them."""
    alike: dict[str, dict[str, LiveSchedule]] = {}
    for live in unmanaged:
        for key in (live.name, _look(live.content, nameless)):
            alike.setdefault(key, {})[live.schedule_id] = live
    for change, entry in creates:
        found = {**alike.get(change.name, {}), **alike.get(_look(entry.schedule.content, nameless), {})}
        if found:
            yield _possible_rename(change, [found[schedule_id] for schedule_id in sorted(found)])


def _look(content: JsonObject, nameless: Patterns) -> str:
    return canonical.digest(without(content, nameless))


def _possible_rename(change: Change, alike: Sequence[LiveSchedule]) -> Finding:
    names = first_of([f"{live.name!r} ({live.schedule_id})" for live in alike], _LISTED)
    one = len(alike) == 1
    return Finding(
        Severity.NOTICE,
        "possible-rename",
        f"schedule {change.name!r} of {change.campaign_id} would be created beside {names}, which "
        f"{'is' if one else 'are'} live, not in git and {'looks' if one else 'look'} alike, so that "
        f"{'both dial' if one else 'all of them dial'}; if it is the same schedule, write "
        f"{f'`id: {alike[0].schedule_id}`' if one else 'its id'} into the file",
        change.source,
    )


def _released(live: LiveSchedule) -> Finding:
    return Finding(
        Severity.WARNING,
        "released",
        f"this revision takes schedule {live.name!r} of {live.campaign_id} ({live.schedule_id}) out of git; nothing is "
        "deleted in CXone, so it goes on dialing until somebody stops it in the console",
    )
