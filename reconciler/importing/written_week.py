"""The week of a day, as the tenant holds it → the week that the file should have.

Live is what the file says less its closures of a day. Written back as it is, a holiday would be gone from the file for
good, so what a closure took is put back first: a weekday that is live as it should be on that day is in the file already,
whatever the closures took of it; one that no closure touches is what the tenant holds. On a weekday that a closure cuts
and that somebody edited as well, caps can be taken over, and nothing else: nobody can say what the console would hold there
on another day. The day is today, or one of those before it where the last runs were missed: the one that explains most.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ..canonical import CAPS, window_key
from ..model import WEEKDAYS, CampaignLive, DesiredSchedule, JsonObject, LiveSchedule
from ..put_body import Patterns
from ..rules.closing import DAYS_BACK, Closings
from ..rules.sent import as_sent
from .choice import ScheduleKey
from .settle import FilesState, kept_ignored

_UNCLEAR = "a closure takes some of its {} now, so it is not known what the edit made there in the console means for other weeks"
_ByDay = dict[str, list[JsonObject]]


def without_closures(
    before: FilesState, live: Mapping[str, CampaignLive], ignored: Patterns, closings: Closings
) -> tuple[FilesState, dict[str, CampaignLive], dict[ScheduleKey, str]]:
    """The files' entries and the live campaigns with the weeks that the files should have, and the schedules of which
    that is not known, with the reason."""
    weeks: dict[ScheduleKey, LiveSchedule] = {}
    unclear: dict[ScheduleKey, str] = {}
    for key, resolved in before.entries.items():
        if resolved.live is None or not resolved.schedule.closures:
            continue
        content = _written(resolved.schedule, resolved.live.content, ignored, closings)
        if isinstance(content, str):
            unclear[key] = _UNCLEAR.format(content)
        else:
            weeks[key] = resolved.live._replace(content=content)
    entries = {
        key: resolved._replace(live=weeks[key]) if key in weeks else resolved
        for key, resolved in before.entries.items()
    }
    campaigns = {
        name: campaign._replace(schedules=tuple(weeks.get(schedule.key, schedule) for schedule in campaign.schedules))
        for name, campaign in live.items()
    }
    return replace(before, entries=entries), campaigns, unclear


def _written(entry: DesiredSchedule, live: JsonObject, ignored: Patterns, closings: Closings) -> JsonObject | str:
    """The content for the file, or the weekday of which it is not known."""
    written = _by_day(entry.content)
    candidates = []
    for back in range(DAYS_BACK + 1):
        week = closings.week(entry, back)
        held = _by_day(kept_ignored(live, week.content, ignored))
        differing = {day for day, windows in _by_day(week.content).items() if windows != held[day]}
        candidates.append((week, back, held, differing))
    week, back, held, differing = min(candidates, key=lambda candidate: len(candidate[3]))
    result = _by_day(live)
    of_week = _by_day(week.content)
    for day in (day for day in WEEKDAYS if of_week[day] != written[day]):
        if day not in differing:
            result[day] = written[day]
            continue
        edited = _with_caps(entry, week, day, held[day])
        content = {**entry.content, "scheduleDetails": [*_flat({**written, day: edited})]}
        if _by_day(closings.week(as_sent(entry, content), back).content)[day] != held[day]:
            return day
        result[day] = edited
    return {**live, "scheduleDetails": _flat(result)}


def _with_caps(entry: DesiredSchedule, week: DesiredSchedule, day: str, held: list[JsonObject]) -> list[JsonObject]:
    """The windows of a weekday with the caps that their pieces have in the tenant, where these agree."""
    by_key = {window_key(window): window for window in held}
    windows = []
    for window in entry.windows:
        if window.content["dayOfWeek"] != day:
            continue
        parts = [part.key for part in week.windows if part.path == window.path and part.weekday == window.weekday]
        caps = {
            field: by_key[parts[0]][field]
            for field in CAPS
            if parts and parts[0] in by_key and field in window.content and (field != CAPS[0] or len(parts) == 1)
        }
        windows.append({**window.content, **caps})
    return windows


def _by_day(content: JsonObject) -> _ByDay:
    return {day: [item for item in content["scheduleDetails"] if item["dayOfWeek"] == day] for day in WEEKDAYS}


def _flat(days: _ByDay) -> list[JsonObject]:
    return [window for day in WEEKDAYS for window in days[day]]
