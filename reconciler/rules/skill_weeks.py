"""What the Admin API cannot carry of the weeks that a skill gets: two windows on a day, closures that are no whole minutes, and
a week with a closed day, unless the tenant is said to take one.

The first two are known from the files. The last is an error only where such a week would be sent: one that is live already is
none. So a closure that needs one is a warning from the files, long before its week, and the plan makes it an error.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from ..closures import pieces
from ..findings import Finding, Severity
from ..intervals import Intervals
from ..model import WEEKDAYS, DesiredSchedule
from ..phrases import listing
from .closing import Closings
from .reporting import report

_WEEK = timedelta(7)
CUT = "cuts the window in two, and the Admin API carries one window a day"
PARTIAL = "needs a week with a closed day, which some tenants refuse"
_INSTEAD = {
    CUT: "close the day from its begin or to its end, or whole",
    PARTIAL: "write `partialWeek: true` below `admin` in tenant.yaml if yours takes it",
}


def check_skill_closures(
    schedule: DesiredSchedule, closings: Closings, until: date, *, partial_week: bool
) -> Iterator[Finding]:
    """What the files say of a skill's closures before `until`, each closure once, by its first such date."""
    for number, closure in enumerate(schedule.closures):
        for field, time in (("startTime", closure.start), ("endTime", closure.end)):
            if time % 60:
                message = f"{field} of this closure cannot be carried by the Admin API: times are whole minutes."
                yield report(schedule, Severity.ERROR, "admin-unsupported", message, ("closures", number, field))
    week = closings.day(schedule) + _WEEK
    for (number, why), day in sorted(_first_days(schedule, closings, until, partial_week=partial_week).items()):
        grave = why == CUT and day < week
        yield _of_closure(schedule, number, why, day, Severity.ERROR if grave else Severity.WARNING)


def refused_weeks(changed: Iterable[DesiredSchedule], closings: Closings) -> Iterator[Finding]:
    """The errors of weeks with a closed day that would be sent for skills, where none may be; at the closures that are why, in
    the very words of the warning of the files, else at the windows, which leave days out themselves."""
    for schedule in changed:
        closed = [day for number, day in enumerate(WEEKDAYS) if all(w.weekday != number for w in schedule.windows)]
        if not closed:
            continue
        written, week = schedule.as_written or schedule, closings.day(schedule) + _WEEK
        causes = _first_days(written, closings, week, partial_week=False)
        for (number, why), day in sorted(causes.items()):
            if why == PARTIAL:
                yield _of_closure(written, number, why, day, Severity.ERROR)
        if not causes:
            message = f"it would close {listing(closed)}, and some tenants refuse a week with a closed day: {_INSTEAD[PARTIAL]}."
            yield report(schedule, Severity.ERROR, "admin-unsupported", message, ("scheduleDetails",))


def why_not_sent(schedule: DesiredSchedule, day: date, closed: Intervals, *, partial_week: bool) -> str:
    """Why a week cannot be sent in which a skill's closures close these seconds of a date; empty where it can."""
    of_day = [window for window in schedule.windows if window.weekday == day.weekday()]
    left = [pieces(window, closed, ()) for window in of_day]
    if any(len(parts) > 1 for parts in left):
        return CUT
    takes = any(parts != (window,) for window, parts in zip(of_day, left, strict=True))
    is_partial = not all(left) or len({window.weekday for window in schedule.windows}) < len(WEEKDAYS)
    return PARTIAL if takes and is_partial and not partial_week else ""


def _first_days(
    schedule: DesiredSchedule, closings: Closings, until: date, *, partial_week: bool
) -> dict[tuple[int, str], date]:
    """The first date from today on, before `until`, of each closure by its number and why its week cannot be sent."""
    closing, today = closings.closing(schedule), closings.day(schedule)
    first: dict[tuple[int, str], date] = {}
    for day, closed in closing.closed.items():
        if today <= day < until and (why := why_not_sent(schedule, day, closed, partial_week=partial_week)):
            number = next((part.number for part in closing.parts if part.day == day), 0)
            first.setdefault((number, why), day)
    return first


def _of_closure(schedule: DesiredSchedule, number: int, why: str, day: date, severity: Severity) -> Finding:
    message = f"on {day} this closure {why}: {_INSTEAD[why]}."
    return report(schedule, severity, "admin-unsupported", message, ("closures", number))
