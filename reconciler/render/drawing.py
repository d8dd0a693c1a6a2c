"""A week as a drawing for the page: minutes of the day to the right, ten units down for each weekday, a path for each kind of
hours. The same hours stand in the caption in words, for those who do not see the drawing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..intervals import Intervals, WeekHours, common, less
from ..phrases import counted
from ..week import Week
from .hours_text import hours_line
from .said import windows_said
from .words import blackout_line

_ROW, _INSET = 10, 2
_MOST = 200
"""Windows of a week that are drawn: a plan file may hold more than anybody could see."""

_CLOSED: WeekHours = ((),) * 7


@dataclass(frozen=True, slots=True)
class Drawing:
    """The paths by their class: `l` the hours that the law allows, `s` those that stay, `a` added, `c` cut, `x` outside the
    law. `caption` says the same in sentences, of other people's words in part."""

    paths: tuple[tuple[str, str], ...]
    caption: tuple[str, ...]

    @property
    def outside(self) -> bool:
        """Whether it calls outside the law."""
        return any(name == "x" for name, _ in self.paths)


def drawing(before: Week | None, after: Week, allowed: WeekHours | None) -> Drawing | None:
    """The week that would be, against the one that is (None: there is none); None for a week that is too crowded.

    `allowed` are the hours of the law on the schedule's own clock, None where none are known.
    """
    if max(len(week.windows) for week in (before, after) if week is not None) > _MOST:
        return None
    was = before.open_times if before is not None else _CLOSED
    will = after.open_times
    outside = tuple(map(less, will, allowed)) if allowed is not None else _CLOSED
    kinds = {
        "l": allowed or _CLOSED,
        "s": tuple(map(common, was, will)),
        "a": tuple(map(less, will, was)),
        "c": tuple(map(less, was, will)),
        "x": outside,
    }
    paths = ((name, _path(week, 0 if name == "l" else _INSET)) for name, week in kinds.items())
    return Drawing(tuple(path for path in paths if path[1]), tuple(_caption(after, allowed, outside)))


def _path(week: Iterable[Intervals], inset: int) -> str:
    height = _ROW - 2 * inset
    return "".join(
        f"M{start // 60} {day * _ROW + inset}h{-(-end // 60) - start // 60}v{height}h{start // 60 - -(-end // 60)}z"
        for day, spans in enumerate(week)
        for start, end in spans
    )


def _caption(week: Week, allowed: WeekHours | None, outside: WeekHours) -> Iterator[str]:
    total = sum(end - start for spans in week.open_times for start, end in spans) / 3600
    calls = f", up to {counted(week.calls, 'call')}" if week.calls is not None else ""
    blackouts = "".join(f"; blackout {blackout_line(blackout)}" for blackout in week.blackouts)
    yield f"The week then: {'; '.join(windows_said(week)) or 'no calls'}{blackouts} ({week.timezone})."
    yield f"{total:g} h{calls} a week."
    if allowed is not None:
        yield f"The law allows: {hours_line(allowed)}."
    if any(outside):
        yield f"Outside the law: {hours_line(outside, closed='')}."
