"""Who asked for a difference, from the sides that are known of it.

W is what git says now, L what is live, B what git said at the base, A what git said when it was applied last; absence is a
value. The question is always why L is not W:

* L as at A: live is where the last apply left it, so it is git that moved. W≠B: this revision moved it (`change`). W=B: an
  earlier revision did, and was not applied (`pending`).
* B=L≠W: this revision moved it (`change`). B=W≠L: nobody moved it in git, so somebody edited the tenant (`drift`).
* All different: both moved (`conflict`), and only a person can say which of the two is right.

Dated closures make each side a function of the day, and all sides are those of the same day. So before somebody is blamed,
the days before are looked at (`PastDay`): where L is what git asked for on one of them, the date moved and nobody edited.
Then B=W is `calendar` (or `pending`, where an earlier revision asked for something else there that was not applied), and
what would be a conflict is `change`.

Where git did not have the whole schedule at a revision, no field of it is as it was there: what is new in git and live
already is a conflict as a whole.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from . import canonical
from .model import WEEKDAYS, Action, Change, FieldChange, JsonObject, Origin, Resolved, gravest

NOWHERE: Any = object()
"""The value of a field at a revision that did not have the schedule, or where there is no such revision: equal to none."""


class PastDay(NamedTuple):
    """What a schedule was on a day before, by the files and at the base and the applied revision; None where git did not
    have it there."""

    date: str
    desired: JsonObject
    base: JsonObject | None
    applied: JsonObject | None


@dataclass(frozen=True, slots=True)
class Earlier:
    """What git had, by schedule id, at the base and at the applied revision; None without such a revision. An applied
    revision with nothing in it stands for none: nothing was applied yet. `past` gives the days before of an entry with its
    id, the latest first; none where its content does not depend on the day."""

    base: Mapping[str, JsonObject] | None = None
    applied: Mapping[str, JsonObject] | None = None
    past: Callable[[Resolved], Sequence[PastDay]] = lambda _: ()

    def knew(self, schedule_id: str) -> tuple[bool | None, bool | None]:
        """Whether git had a schedule at these revisions, None without such a revision."""
        in_base, in_applied = (None if side is None else schedule_id in side for side in (self.base, self.applied))
        return in_base, in_applied

    def of_create(self, schedule_id: str) -> tuple[bool | None, bool | None, Origin | None]:
        """The same of a schedule that is not live, and who asked for it."""
        in_base, in_applied = self.knew(schedule_id)
        return in_base, in_applied, create_origin(in_base, in_applied)


def field_origin(live: Any, desired: Any, base: Any, applied: Any, *, moved: bool = False) -> Origin:
    """Who asked for a field, of which the live and the desired value differ. `moved` says that the live value is what git
    asked for on a day before."""
    if applied is not NOWHERE and live == applied:
        return Origin.PENDING if desired == base else Origin.CHANGE
    if base is NOWHERE:
        return Origin.CONFLICT
    if base == live:
        return Origin.CHANGE
    if base != desired:
        return Origin.CHANGE if moved else Origin.CONFLICT
    if not moved:
        return Origin.DRIFT
    return Origin.CALENDAR if applied is NOWHERE or applied == desired else Origin.PENDING


def moved_by_both(
    live: JsonObject, desired: JsonObject, base: Any, applied: Any, past: Sequence[PastDay]
) -> frozenset[str]:
    """The weekdays that are in git what they were neither at the base nor in CXone, and in CXone what git asked for at neither
    revision and on none of the days before, by the keyed contents of a skill; none of any other schedule, and none without a base.

    A day of a skill has one window or none, so it is one value: a start that git moved on a day that somebody closed has three
    sides. Windows are keyed by their start, so field by field it would be a new window of git's beside nothing, or beside somebody's
    own, which could be taken back.
    """
    if base is NOWHERE or not canonical.is_skill(desired):
        return frozenset()
    git = (base, applied, *(side for _, *sides in past for side in sides))
    asked = [_by_day(side) for side in git if side is not NOWHERE and side is not None]
    by_live, by_git = _by_day(live), _by_day(desired)
    return frozenset(
        day
        for day in WEEKDAYS
        if by_git.get(day) not in (asked[0].get(day), by_live.get(day))
        and all(by_live.get(day) != side.get(day) for side in asked)
    )


def _by_day(keyed: JsonObject) -> dict[str, JsonObject]:
    return {window["dayOfWeek"]: window for window in keyed["scheduleDetails"].values()}


def create_origin(in_base: bool | None, in_applied: bool | None) -> Origin | None:
    """Who asked for a schedule that is not live: by whether git had it at the base, and at the applied revision; None of
    these without such a revision."""
    if in_base is None:
        return None
    if not in_base:
        return Origin.CHANGE
    return Origin.PENDING if in_applied is False else Origin.DRIFT


def origins_of(change: Change) -> tuple[Origin | None, ...]:
    """The origin of a change and of each of its fields, from their values: what a plan that was saved must say."""
    if change.action is Action.CREATE or change.in_base is None:
        own = create_origin(change.in_base, change.in_applied) if change.action is Action.CREATE else None
        return own, *(None for _ in change.fields)
    fields = [_of_field(field, change) for field in change.fields]
    return gravest(fields), *fields


def _of_field(field: FieldChange, change: Change) -> Origin:
    base = field.base if change.in_base else NOWHERE
    applied = field.applied if change.in_applied else NOWHERE
    origin = field_origin(field.live, field.desired, base, applied, moved=field.asked_on is not None)
    # By its own values a window of a day that both moved is less; what is graver may be said, what is lighter may not.
    both = field.origin is Origin.CONFLICT and origin in (Origin.DRIFT, Origin.CHANGE)
    return Origin.CONFLICT if both and canonical.is_skill(change.request.body) else origin
