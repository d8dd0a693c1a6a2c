"""Whether the calls that schedules ask for can be carried: by what was licensed, and by the agents there are.

Counts are compared as fractions, so that a plan exactly at the limit passes on every machine; a buffer counts as it was
written: 0.1 is a tenth, not the nearest binary number.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from math import ceil

from ..findings import Finding, Severity, in_order
from ..model import DesiredSchedule, Path, Window
from ..phrases import listing, on_days
from ..settings import Capacity, License, TenantSettings
from .reporting import by_entry, label, report, with_severities

_LARGEST_SHOWN = 3
_NO_LICENSE = License()


def needs_agents(settings: TenantSettings, schedules: Iterable[DesiredSchedule]) -> bool:
    """Whether somebody must ask the tenant for its agents: some schedule wants the projection, and
    `capacity.agents` does not say how many there are."""
    return settings.capacity.agents is None and any(schedule.projected for schedule in schedules)


def check_capacity(
    settings: TenantSettings, schedules: Sequence[tuple[DesiredSchedule, bool]], agents: int
) -> tuple[Finding, ...]:
    """The calls of each schedule, and of all together, against the agents. With each schedule goes whether the plan
    changes it: what is live already is a warning, because refusing the plan would not end it."""
    findings = [
        *check_projection(settings.capacity, schedules, agents),
        *check_fleet(settings.capacity, (schedule for schedule, _ in schedules), agents),
    ]
    return with_severities(in_order(findings), settings)


def check_license(capacity: Capacity, schedule: DesiredSchedule) -> Iterator[Finding]:
    """Caps of single windows above the licensed throughput of the tenant or of the campaign."""
    campaign = capacity.campaigns.get(schedule.campaign_id, _NO_LICENSE)
    if campaign == capacity.tenant == _NO_LICENSE:
        return
    holders = ((capacity.tenant, "the tenant"), (campaign, schedule.campaign_id))
    days = [(licensed.calls_per_day, whose) for licensed, whose in holders if licensed.calls_per_day is not None]
    hours = [(licensed.calls_per_hour, whose) for licensed, whose in holders if licensed.calls_per_hour is not None]
    per_day, per_hour = min(days, default=None), min(hours, default=None)
    for path, windows in by_entry(schedule.windows).items():
        for licensed, unit, field in ((per_day, "day", "maxCallsPerDay"), (per_hour, "hour", "maxCallsPerHour")):
            if licensed is not None and (asked := windows[0].cap(field)) > licensed[0]:
                most, whose = licensed
                on = on_days(window.weekday for window in windows)
                message = f"{asked:,} calls a {unit} {on} are more than the {most:,} licensed for {whose}."
                yield report(schedule, Severity.ERROR, "licensed-capacity-exceeded", message, (*path, field))


def check_projection(
    capacity: Capacity, schedules: Iterable[tuple[DesiredSchedule, bool]], agents: int
) -> Iterator[Finding]:
    """Calls of each schedule with projection against what the agents can carry, by the basis of the tenant; with it goes
    whether the plan changes it."""
    carried = agents * (1 + Fraction(str(capacity.buffer)))
    most, parts = carried.as_integer_ratio()
    by_weekday = capacity.basis == "weekday"
    for schedule, changed in schedules:
        if not schedule.projected:
            continue
        loads: dict[int, tuple[int, int]] = {}  # calls and the lowest cap of an agent, by weekday or of the week
        for window in schedule.windows:
            weekday = window.weekday if by_weekday else 0
            calls, cap = window.cap("maxCallsPerDay"), window.cap("maxCallsPerAgentPerDay")
            more, lowest = loads.get(weekday, (0, cap))
            loads[weekday] = calls + more, min(cap, lowest)
        overloads: dict[tuple[int, int], list[int]] = {}
        for weekday, (calls, cap) in loads.items():
            if calls * parts > most * cap:  # whole numbers, for each of many schedules
                overloads.setdefault((calls, cap), []).append(weekday)
        for (calls, cap), weekdays in overloads.items():
            windows = [window for window in schedule.windows if not by_weekday or window.weekday in weekdays]
            when = f"a day {on_days(window.weekday for window in windows)}" if by_weekday else "over all windows"
            message = (
                f"it asks for {calls:,} calls {when}; {agents:,} agents × {cap} calls, with a buffer of "
                f"{_percent(capacity.buffer)}, carry {int(carried * cap):,}."
            )
            severity = Severity.ERROR if changed else Severity.WARNING
            yield report(schedule, severity, "capacity-exceeded", message, _place(windows))


def _place(windows: Iterable[Window]) -> Path:
    entries = list(by_entry(windows))
    return (*entries[0], "maxCallsPerDay") if len(entries) == 1 else entries[0][:1]


def check_fleet(capacity: Capacity, schedules: Iterable[DesiredSchedule], agents: int) -> tuple[Finding, ...]:
    """All schedules of a tenant with projection together, by weekday, in agents needed against agents there are."""
    projected = [schedule for schedule in schedules if schedule.projected]
    limit = agents * (1 + Fraction(str(capacity.buffer)))
    calls: defaultdict[int, Counter[int]] = defaultdict(Counter)
    for schedule in projected:
        for window in schedule.windows:
            calls[window.weekday][window.cap("maxCallsPerAgentPerDay")] += window.cap("maxCallsPerDay")
    overloads: dict[Fraction, list[int]] = {}
    for index in sorted(calls):
        needed = _agents(calls[index])
        if needed > limit:
            overloads.setdefault(needed, []).append(index)
    return tuple(
        Finding(
            Severity.WARNING,
            "fleet-capacity-exceeded",
            f"{on_days(indices)} all schedules with projection together need {ceil(needed):,} agents; there are "
            f"{agents}, with a buffer of {_percent(capacity.buffer)} {_decimal(limit)}. "
            f"Most are needed by {_largest(projected, indices[0])}.",
        )
        for needed, indices in sorted(overloads.items(), key=lambda item: item[1])
    )


def _agents(calls: Mapping[int, int]) -> Fraction:
    """How many agents are needed: for each number of calls that one agent may make, the calls, added up before they are divided."""
    return sum((Fraction(count, cap) for cap, count in sorted(calls.items())), Fraction())


def _largest(schedules: Iterable[DesiredSchedule], weekday: int) -> str:
    needs = []
    for schedule in schedules:
        calls: Counter[int] = Counter()
        for window in schedule.windows:
            if window.weekday == weekday:
                calls[window.cap("maxCallsPerAgentPerDay")] += window.cap("maxCallsPerDay")
        needs.append((_agents(calls), label(schedule)))
    largest = sorted(needs, key=lambda need: (-need[0], need[1]))[:_LARGEST_SHOWN]
    return listing(f"{name} ({ceil(needed)})" for needed, name in largest if needed)


def _percent(buffer: float) -> str:
    return f"{_decimal(Fraction(str(buffer)) * 100)} %"


def _decimal(value: Fraction) -> str:
    return f"{float(value):.10g}"
