"""A schedule's week as a small drawing: seven rows of 24 hours, windows as bars, blackouts cut out of them.

It is SVG with attributes and classes only, so that the page's strict policy allows it without any inline style. The
same facts stand beside it as text; screen readers get them as the drawing's label.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..canonical import seconds
from ..model import WEEKDAYS, JsonObject
from .escape import html_text
from .week import Week, blackout_lines, window_lines

_LEFT, _TOP, _ROW, _HOUR = 44, 18, 20, 24
_WIDTH = _LEFT + 24 * _HOUR + 16
_HEIGHT = _TOP + 7 * _ROW + 4
_MOST_WINDOWS = 200


def week_grid(week: Week, before: Week | None = None) -> str:
    """The drawing of `week`, with what was live `before` as dashed outlines; empty for a week too crowded to draw."""
    if len(week.windows) > _MOST_WINDOWS or (before is not None and len(before.windows) > _MOST_WINDOWS):
        return ""
    label = "; ".join(["Week", *window_lines(week), *(f"blackout {line}" for line in blackout_lines(week))])
    return (
        f'<svg class="week" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{html_text(label)}">'
        f"{''.join(_parts(week, before))}</svg>"
    )


def _parts(week: Week, before: Week | None) -> Iterator[str]:
    for hour in range(0, 25, 3):
        x = _LEFT + hour * _HOUR
        yield f'<line class="tick" x1="{x}" y1="{_TOP}" x2="{x}" y2="{_TOP + 7 * _ROW}"/>'
        yield f'<text class="hour" x="{x}" y="{_TOP - 6}">{hour:02d}</text>'
    for number, day in enumerate(WEEKDAYS):
        yield f'<text class="day" x="0" y="{_TOP + number * _ROW + 14}">{day[:3]}</text>'
    for window in week.windows:
        yield _bar("window", window["dayOfWeek"], *_span(window), inset=3)
        for blackout in week.blackouts:
            if blackout["appliesToAllDays"] is not False:
                start, end = _span(blackout)
                opens, closes = _span(window)
                yield _bar("blackout", window["dayOfWeek"], max(start, opens), min(end, closes), inset=3)
    for window in before.windows if before is not None else ():
        yield _bar("was", window["dayOfWeek"], *_span(window), inset=1)


def _span(each: JsonObject) -> tuple[int, int]:
    return seconds(each["startTime"]), seconds(each["endTime"])


def _bar(kind: str, day: str, start: int, end: int, *, inset: int) -> str:
    """A rectangle from `start` to `end`, in seconds after midnight; nothing for an empty span."""
    if end <= start:
        return ""
    x = _LEFT + start * _HOUR / 3600
    width = max((end - start) * _HOUR / 3600, 1)
    y = _TOP + WEEKDAYS.index(day) * _ROW + inset
    return (
        f'<rect class="{kind}" x="{x:.1f}" y="{y}" width="{width:.1f}" height="{_ROW - 2 * inset}" rx="2"/>'
    )
