"""Whether the calls that schedules ask for can be carried: by what was licensed, and by the agents there are.

Counts are compared as fractions, so that a plan exactly at the limit passes on every machine.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from functools import lru_cache
from math import ceil

from ..model import WEEKDAYS, DesiredSchedule, Finding, Path, Severity, Window
from ..phrases import listing, weekdays
from ..settings import Capacity, License
from .reporting import by_entry, day_index, label, report

_LARGEST_SHOWN = 3
_NO_LICENSE = License()


def check_license(capacity: Capacity, schedule: DesiredSchedule) -> Iterator[Finding]:
    """Caps of single windows above the licensed throughput of the tenant or of the campaign."""
    campaign = capacity.campaigns.get(schedule.campaign_id, _NO_LICENSE)
    if campaign == capacity.tenant == _NO_LICENSE:
        return
    holders = (("the tenant", capacity.tenant), (schedule.campaign_id, campaign))
    per_day = _tightest((licensed.calls_per_day, whose) for whose, licensed in holders)
    per_hour = _tightest((licensed.calls_per_hour, whose) for whose, licensed in holders)
    for path, windows in by_entry(schedule.windows).items():
        on = weekdays(map(day_index, windows))
        caps = (
            (windows[0].max_calls_per_day, per_day, "day", "maxCallsPerDay"),
            (windows[0].max_calls_per_hour, per_hour, "hour", "maxCallsPerHour"),
        )
        for asked, licensed, unit, field in caps:
            if licensed is not None and asked > licensed[0]:
                most, whose = licensed
                message = f"{asked} calls a {unit} on {on} are more than the {most} licensed for {whose}."
                yield report(schedule, Severity.ERROR, "licensed-capacity-exceeded", message, (*path, field))


def _tightest(limits: Iterable[tuple[int | None, str]]) -> tuple[int, str] | None:
    return min(((limit, whose) for limit, whose in limits if limit is not None), default=None)


def check_projection(capacity: Capacity, schedule: DesiredSchedule, changed: bool, agents: int) -> Iterator[Finding]:
    """Calls of a schedule with projection against what the agents can carry, by the basis of the tenant."""
    if not schedule.projected or not schedule.windows:
        return
    severity = Severity.ERROR if changed else Severity.WARNING
    carried = agents * (1 + _share(capacity.buffer))
    overloads: dict[tuple[int, int], list[Window]] = {}
    for windows in _compared(capacity.basis, schedule.windows):
        calls = sum(window.max_calls_per_day for window in windows)
        cap = min(window.max_calls_per_agent_per_day for window in windows)
        if calls > carried * cap:
            overloads.setdefault((calls, cap), []).extend(windows)
    for (calls, cap), windows in overloads.items():
        when = f"a day on {weekdays(map(day_index, windows))}" if capacity.basis == "weekday" else "over all windows"
        message = (
            f"it asks for {calls} calls {when}; {agents} agents × {cap} calls, with a buffer of "
            f"{_percent(capacity.buffer)}, carry {int(carried * cap)}."
        )
        yield report(schedule, severity, "capacity-exceeded", message, _place(windows))


def _compared(basis: str, windows: Sequence[Window]) -> Sequence[Sequence[Window]]:
    """The windows whose calls are summed: all of a schedule, or those of each weekday."""
    if basis == "schedule":
        return [windows]
    by_day = ([window for window in windows if window.day == day] for day in WEEKDAYS)
    return [of_day for of_day in by_day if of_day]


def _place(windows: Iterable[Window]) -> Path:
    entries = list(by_entry(windows))
    return (*entries[0], "maxCallsPerDay") if len(entries) == 1 else entries[0][:1]


def check_fleet(capacity: Capacity, schedules: Iterable[DesiredSchedule], agents: int) -> tuple[Finding, ...]:
    """All schedules of a tenant with projection together, by weekday, in agents needed against agents there are."""
    projected = [schedule for schedule in schedules if schedule.projected]
    limit = agents * (1 + _share(capacity.buffer))
    overloads: dict[Fraction, list[int]] = {}
    for index, day in enumerate(WEEKDAYS):
        needed = _agents(w for schedule in projected for w in schedule.windows if w.day == day)
        if needed > limit:
            overloads.setdefault(needed, []).append(index)
    return tuple(
        Finding(
            Severity.WARNING,
            "fleet-capacity-exceeded",
            f"on {weekdays(indices)} all schedules with projection together need {ceil(needed)} agents; there are "
            f"{agents}, with a buffer of {_percent(capacity.buffer)} {_decimal(limit)}. "
            f"Most are needed by {_largest(projected, WEEKDAYS[indices[0]])}.",
        )
        for needed, indices in sorted(overloads.items(), key=lambda item: item[1])
    )


def _agents(windows: Iterable[Window]) -> Fraction:
    """How many agents windows need: calls by calls of one agent, whole numbers added up before they are divided."""
    calls: Counter[int] = Counter()
    for window in windows:
        calls[window.max_calls_per_agent_per_day] += window.max_calls_per_day
    return sum((Fraction(count, cap) for cap, count in sorted(calls.items())), Fraction())


def _largest(schedules: Iterable[DesiredSchedule], day: str) -> str:
    needs = [
        (_agents(window for window in schedule.windows if window.day == day), label(schedule)) for schedule in schedules
    ]
    largest = sorted(needs, key=lambda need: (-need[0], need[1]))[:_LARGEST_SHOWN]
    return listing(f"{name} ({ceil(needed)})" for needed, name in largest if needed)


@lru_cache(maxsize=64)
def _share(buffer: float) -> Fraction:
    """The buffer as it was written: 0.1 is a tenth, not the nearest binary number."""
    return Fraction(str(buffer))


def _percent(buffer: float) -> str:
    return f"{_decimal(_share(buffer) * 100)} %"


def _decimal(value: Fraction) -> str:
    return f"{float(value):.10g}"
