"""What git had of a campaign at the base and at the applied revision, and on the days before: what the comparison needs to
say who asked for a difference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial

from ..dialect import Dialect
from ..identity import Resolution
from ..model import CampaignLive, DesiredSchedule, JsonObject, Resolved
from ..origins import Earlier, PastDay
from ..rules.closing import DAYS_BACK, Closings

_Entries = Mapping[str, Sequence[DesiredSchedule]]
_Side = Mapping[str, DesiredSchedule] | None
"""The entries of another revision in one campaign, by the ids that they have with what is live now."""


def earlier_state(
    now: _Entries,
    revisions: Sequence[_Entries | None],
    dialect: Dialect,
    closings: Closings,
    live: CampaignLive,
    resolution: Resolution,
) -> Earlier:
    """What git had of this campaign. `revisions` are the schedules of the base and of the applied revision by campaign, None
    without such a revision; `now` those of the work tree, whose `resolution` in this campaign is known."""
    mine = now.get(live.campaign_id, ())
    sides: list[_Side] = []
    for revision in revisions:
        entries = None if revision is None else revision.get(live.campaign_id, ())
        if entries is None:
            sides.append(None)
            continue
        then = resolution if entries == mine else dialect.resolve(entries, live.schedules)
        sides.append({entry.schedule_id: entry.schedule for entry in then.resolved})
    base, applied = (
        None if side is None else {key: schedule.content for key, schedule in side.items()} for side in sides
    )
    return Earlier(base, applied, partial(_days_before, closings, sides))


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
