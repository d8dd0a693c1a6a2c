"""Desired × live (× base × applied) → changes: pure, and without a single request.

Ownership is decided first (see `identity`), then the difference is trivial: both sides are indexed by id, equal contents
are skipped, and only what is left is looked at field by field. DeepDiff gets single schedules only, with windows,
blackouts and pauses keyed: on plain lists it pairs the wrong items, and with `ignore_order` it takes minutes on a few
hundred of them.

Who asked for a difference is decided field by field (see `origins`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from . import canonical, put_body
from .canonical import KEYED_LISTS
from .findings import Location
from .model import (
    Action,
    CampaignDiff,
    CampaignLive,
    Change,
    DesiredSchedule,
    FieldChange,
    JsonObject,
    Origin,
    Path,
    Request,
    Resolved,
    gravest,
)
from .put_body import Patterns
from .settings import TenantSettings

if TYPE_CHECKING:
    from .origins import Earlier, PastDay


PutRequest = Callable[[JsonObject], Request]
_NOTHING: Any = object()


def diff_campaign(
    resolved: tuple[Resolved, ...],
    live: CampaignLive,
    earlier: Earlier | None,
    settings: TenantSettings,
    put_request: PutRequest,
    contested: frozenset[str] = frozenset(),
) -> CampaignDiff:
    """Compare the resolved entries of one campaign with live, in their order; `put_request` is how a write of a body looks.

    `earlier` is what git had of the campaign at other revisions, None where none is known. `contested` are ids that git names without saying which entry means them: not unmanaged, and not touched.
    """
    pairs = [(entry, _change(entry, earlier, settings, put_request)) for entry in resolved]
    named = {entry.schedule_id for entry in resolved} | contested
    unmanaged = tuple(schedule for schedule in live.schedules if schedule.schedule_id not in named)
    at_base = (earlier and earlier.base) or {}
    return CampaignDiff(
        changes=tuple(change for _, change in pairs if change is not None),
        changed=tuple(entry for entry, change in pairs if change is not None),
        unchanged=tuple(entry for entry, change in pairs if change is None),
        unmanaged=unmanaged,
        released=tuple(schedule for schedule in unmanaged if schedule.schedule_id in at_base),
    )


def field_changes(
    entry: DesiredSchedule,
    desired: JsonObject,
    live: JsonObject,
    base: JsonObject | None,
    *,
    with_base: bool,
    applied: JsonObject | None = None,
    past: Sequence[PastDay] = (),
) -> tuple[FieldChange, ...]:
    """What differs between two canonical contents, sorted by path, windows by the calendar.

    `base` and `applied` are the schedule's canonical contents at these revisions, None where git did not have it there;
    without a base (`with_base` False) the origins are None. `past` is what they were on the days before.
    """
    from .origins import (  # late: a plan of creates alone needs no origin of a field
        NOWHERE,
        field_origin,
        moved_by_both,
    )

    held, wanted = canonical.keyed(live), canonical.keyed(desired)
    sides = [NOWHERE if side is None else canonical.keyed(side) for side in (base, applied)]
    contested = moved_by_both(held, wanted, sides[0], sides[1], past)
    differences = _differences(held, wanted)
    changes = []
    for path, live_value, desired_value in sorted(differences, key=lambda it: canonical.path_order(it[0])):
        at_base, when_applied = (NOWHERE if side is NOWHERE else _value_at(side, path) for side in sides)
        origin = field_origin(live_value, desired_value, at_base, when_applied) if with_base else None
        asked_on = None
        if canonical.weekday_at(path) in contested:
            origin = Origin.CONFLICT
        elif origin in (Origin.DRIFT, Origin.CONFLICT):
            asked_on = _asked_on(past, path, live_value, by_git=origin is Origin.DRIFT)
            if asked_on is not None:
                origin = field_origin(live_value, desired_value, at_base, when_applied, moved=True)
        changes.append(
            FieldChange(
                path=canonical.field_path(path),
                live=live_value,
                desired=desired_value,
                origin=origin,
                source=entry.place_of(path),
                base=None if at_base is NOWHERE else at_base,
                applied=None if when_applied is NOWHERE else when_applied,
                asked_on=asked_on if origin not in (Origin.DRIFT, Origin.CONFLICT) else None,
            )
        )
    return tuple(changes)


def place_of_body_field(entry: DesiredSchedule, body: JsonObject, field: str) -> Location | None:
    """The place of a field as a tenant's 400 names it (`scheduleDetails[0].predictiveRate`, `/scheduleDetails/0`).

    None where the name leads nowhere in the body that was sent.
    """
    head, *rest = re.findall(r"(?a)[A-Za-z_]\w*|\d+", field) or ("",)
    if head not in body:
        return None
    if head not in KEYED_LISTS or not rest:
        return entry.place_of((head, *rest[:1]))
    items = body[head]
    if not re.fullmatch(r"[0-9]{1,6}", rest[0]) or int(rest[0]) >= len(items):
        return None
    return entry.place_of((head, canonical.item_keys(head, items)[int(rest[0])], *rest[1:2]))


def _change(
    resolved: Resolved, earlier: Earlier | None, settings: TenantSettings, put_request: PutRequest
) -> Change | None:
    if resolved.live is None:
        return _create(resolved, earlier, put_request)
    entry, live = resolved.schedule, resolved.live
    if entry.content == live.content:
        return None
    desired, held = (put_body.without(side.content, settings.ignored) for side in (entry, live))
    if desired == held:
        return None
    base = applied = in_base = in_applied = None
    past: list[PastDay] = []
    if earlier is not None:
        in_base, in_applied = earlier.knew(resolved.schedule_id)
        base, applied = (
            put_body.without(side[resolved.schedule_id], settings.ignored) if known and side is not None else None
            for side, known in ((earlier.base, in_base), (earlier.applied, in_applied))
        )
        past = [_keyed_day(day, settings.ignored) for day in earlier.past(resolved)] if in_base is not None else []
    changed = field_changes(entry, desired, held, base, with_base=in_base is not None, applied=applied, past=past)
    return Change(
        action=Action.UPDATE,
        campaign_id=entry.campaign_id,
        schedule_id=resolved.schedule_id,
        name=entry.name,
        request=put_request(put_body.update_body(entry.content, live, settings.ignored, settings.preserved)),
        fields=changed,
        before=put_body.live_body(live),
        fingerprint=put_body.fingerprint(live, settings.ignored, settings.preserved),
        origin=gravest(field.origin for field in changed),
        source=entry.places.locate(()),
        in_base=in_base,
        in_applied=in_applied,
    )


def _create(resolved: Resolved, earlier: Earlier | None, put_request: PutRequest) -> Change:
    """A create; its origin says whether git had the schedule at the base already."""
    entry = resolved.schedule
    in_base, in_applied, origin = earlier.of_create(resolved.schedule_id) if earlier is not None else (None, None, None)
    return Change(
        action=Action.CREATE,
        campaign_id=entry.campaign_id,
        schedule_id=resolved.schedule_id,
        name=entry.name,
        request=put_request(canonical.body(entry.campaign_id, resolved.schedule_id, entry.content)),
        origin=origin,
        source=entry.places.locate(()),
        in_base=in_base,
        in_applied=in_applied,
    )


def _differences(live: JsonObject, desired: JsonObject) -> Iterator[tuple[Path, Any, Any]]:
    from deepdiff import DeepDiff  # 110 ms that a plan without changes need not pay

    tree = DeepDiff(
        *_unequal_parts(live, desired),
        view="tree",
        threshold_to_diff_deeper=0,  # else two mappings with few keys in common are one difference
        ignore_private_variables=False,  # else keys that begin with "__" are not compared
    )
    for kind, levels in tree.items():
        for level in levels:
            yield (
                tuple(level.path(output_format="list")),
                None if kind == "dictionary_item_added" else level.t1,
                None if kind == "dictionary_item_removed" else level.t2,
            )


def _unequal_parts(one: JsonObject, other: JsonObject) -> tuple[JsonObject, JsonObject]:
    """Two mappings without what they have in common: DeepDiff looks at each value of it at length."""
    left: JsonObject = {}
    right: JsonObject = {}
    for key in {**one, **other}:
        mine, its = one.get(key, _NOTHING), other.get(key, _NOTHING)
        if mine == its:
            continue
        if isinstance(mine, dict) and isinstance(its, dict):
            mine, its = _unequal_parts(mine, its)
        if mine is not _NOTHING:
            left[key] = mine
        if its is not _NOTHING:
            right[key] = its
    return left, right


def _keyed_day(day: PastDay, ignored: Patterns) -> PastDay:
    """A day before in the form in which fields are looked up."""
    _, *sides = day
    desired, base, applied = (side and canonical.keyed(put_body.without(side, ignored)) for side in sides)
    return day._replace(desired=desired or {}, base=base, applied=applied)


def _asked_on(past: Sequence[PastDay], path: Path, live: Any, *, by_git: bool) -> str | None:
    """The last day before on which git asked for the live value, at the base or the applied revision; with `by_git`, where git
    says the same as at the base, by the files too. None where there is none."""
    for day in past:
        sides = (day.base, day.applied, day.desired if by_git else None)
        if any(side is not None and _value_at(side, path) == live for side in sides):
            return day.date
    return None


def _value_at(content: Any, path: Path) -> Any:
    """The value of keyed content at a keyed path, None where there is none."""
    for part in path:
        content = content.get(part) if isinstance(content, dict) else None
    return content
