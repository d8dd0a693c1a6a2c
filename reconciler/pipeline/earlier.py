"""What git had of a campaign at the base and at the applied revision, and on the days before: what the comparison needs to
say who asked for a difference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial

from ..dialect import Dialect
from ..model import CampaignLive, DesiredSchedule, JsonObject, Resolved
from ..origins import Earlier, PastDay
from ..rules.closing import DAYS_BACK, Closings

_Side = Mapping[str, DesiredSchedule] | None
"""The entries of another revision in one campaign, by the ids that they have with what is live now."""


def earlier_state(
    revisions: Sequence[Mapping[str, Sequence[DesiredSchedule]] | None],
    dialect: Dialect,
    closings: Closings,
    live: CampaignLive,
) -> Earlier:
    """What git had of this campaign. `revisions` are the schedules of the base and of the applied revision by campaign, None
    without such a revision."""
    sides = [_resolved(entries, live, dialect) for entries in revisions]
    base, applied = (
        None if side is None else {key: schedule.content for key, schedule in side.items()} for side in sides
    )
    return Earlier(base, applied, partial(_days_before, closings, sides))


def _resolved(entries: Mapping[str, Sequence[DesiredSchedule]] | None, live: CampaignLive, dialect: Dialect) -> _Side:
    if entries is None:
        return None
    resolved = dialect.resolve(entries.get(live.campaign_id, ()), live.schedules).resolved
    return {entry.schedule_id: entry.schedule for entry in resolved}


def _days_before(closings: Closings, sides: Sequence[_Side], entry: Resolved) -> tuple[PastDay, ...]:
    """What an entry was on the days before, by the files and at the base and the applied revision (`sides`)."""
    schedules = (entry.schedule, *((side or {}).get(entry.schedule_id) for side in sides))
    if not any(schedule is not None and schedule.closures for schedule in schedules):
        return ()

    def content(schedule: DesiredSchedule, back: int) -> JsonObject:
        return closings.week(schedule.as_written or schedule, back).content

    today = closings.day(entry.schedule)
    return tuple(
        PastDay(
            (today - timedelta(back)).isoformat(),
            content(entry.schedule, back),
            *(None if schedule is None else content(schedule, back) for schedule in schedules[1:]),
        )
        for back in range(1, DAYS_BACK + 1)
    )
