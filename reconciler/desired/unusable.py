"""What can be checked of the schedules of a tenant whose tenant.yaml is not valid."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ..model import DesiredSchedule, PartialSchedule
from .values import DesiredTenant
from .wording import Problem

_JURISDICTIONS = ("compliance", "jurisdictions")

Hidden = frozenset[str] | None


def hidden_hours(problems: Iterable[Problem] | None) -> Hidden:
    """The jurisdictions whose calling hours a tenant.yaml with these problems fails to tell; None where those may be all
    of them. The shipped hours of these are no help: the tenant meant others."""
    if problems is None:
        return None
    codes = set()
    for problem in problems:
        path = (*problem.path[:-1], problem.meant) if problem.meant else problem.path
        if not path or path == _JURISDICTIONS[: len(path)]:
            if problem.lacks:
                continue
            return None
        if path[:2] == _JURISDICTIONS:
            if problem.at_key and len(path) == 3:
                return None
            codes.add(str(path[2]))
    return frozenset(codes)


def checkable(tenant: DesiredTenant, hidden: Hidden) -> DesiredTenant:
    """The tenant with the hidden jurisdictions of its schedules unknown; such schedules are partial ones."""
    whole, parts = [], [replace(each, schedule=_blurred(each.schedule, hidden)) for each in tenant.partial]
    for each in tenant.schedules:
        schedule = _blurred(each, hidden)
        if schedule is each:
            whole.append(each)
        else:
            parts.append(PartialSchedule(schedule, frozenset()))
    return replace(tenant, schedules=tuple(whole), partial=tuple(parts))


def _blurred(schedule: DesiredSchedule, hidden: Hidden) -> DesiredSchedule:
    codes = tuple("" if hidden is None or each in hidden else each for each in schedule.jurisdictions)
    return schedule if codes == schedule.jurisdictions else replace(schedule, jurisdictions=codes)
