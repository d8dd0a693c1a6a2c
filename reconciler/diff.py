"""Desired × live (× base) → changes: pure, and without a single request.

Ownership is decided first (see `identity`), then the difference is trivial: both sides are indexed by id, equal contents
are skipped, and only what is left is looked at field by field. DeepDiff gets single schedules only, with windows,
blackouts and pauses keyed: on plain lists it pairs the wrong items, and with `ignore_order` it takes minutes on a few
hundred of them.

Who asked for a difference is decided field by field from three sides: what git held at the base, what it holds now, and
what is live. Live as at the base: this revision asks for it. Git as at the base: somebody edited the tenant, which is
drift. All three different: a conflict, which only a person can settle.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

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

_ABSENT = object()
_STEP = re.compile(r"[A-Za-z_]\w*|\d+", re.ASCII)
_INDEX = re.compile(r"\d{1,6}", re.ASCII)


@dataclass(frozen=True, slots=True)
class DiffRules:
    """What is left out of the comparison, what is carried over from live, and how a write looks."""

    ignored: Patterns
    preserved: Patterns
    put_request: Callable[[JsonObject], Request]


def diff_campaign(
    resolved: tuple[Resolved, ...],
    live: CampaignLive,
    base: Mapping[str, JsonObject] | None,
    rules: DiffRules,
    contested: frozenset[str] = frozenset(),
) -> CampaignDiff:
    """Compare the resolved entries of one campaign with live, in their order.

    `base` maps the ids of the schedules that git had at the base to their contents there; None without a base.
    `contested` are ids that git names without saying which entry means them: not unmanaged, and not touched.
    """
    pairs = [(entry, _change(entry, base, rules)) for entry in resolved]
    named = {entry.schedule_id for entry in resolved} | contested
    unmanaged = tuple(schedule for schedule in live.schedules if schedule.schedule_id not in named)
    return CampaignDiff(
        changes=tuple(change for _, change in pairs if change is not None),
        changed=tuple(entry for entry, change in pairs if change is not None),
        unchanged=tuple(entry for entry, change in pairs if change is None),
        unmanaged=unmanaged,
        released=tuple(schedule for schedule in unmanaged if base is not None and schedule.schedule_id in base),
    )


def field_changes(
    entry: DesiredSchedule, desired: JsonObject, live: JsonObject, base: JsonObject | None, *, with_base: bool
) -> tuple[FieldChange, ...]:
    """What differs between two canonical contents, sorted by path, windows by the calendar.

    `base` is the schedule's canonical content at the base, None where git did not have it there; without a base
    (`with_base` False) the origins are None.
    """
    keyed_base = canonical.keyed(base) if base is not None else None
    differences = _differences(canonical.keyed(live), canonical.keyed(desired))
    return tuple(
        FieldChange(
            path=canonical.field_path(path),
            live=None if live_value is _ABSENT else live_value,
            desired=None if desired_value is _ABSENT else desired_value,
            origin=_origin(keyed_base, path, desired_value, live_value) if with_base else None,
            source=entry.place_of(path),
        )
        for path, live_value, desired_value in sorted(
            differences, key=lambda difference: canonical.path_order(difference[0])
        )
    )


def place_of_body_field(entry: DesiredSchedule, body: JsonObject, field: str) -> Location | None:
    """The place of a field as a tenant's 400 names it (`scheduleDetails[0].predictiveRate`, `/scheduleDetails/0`).

    None where the name leads nowhere in the body that was sent.
    """
    head, *rest = _STEP.findall(field) or ("",)
    if head not in body:
        return None
    if head not in KEYED_LISTS or not rest:
        return entry.place_of((head, *rest[:1]))
    items = body[head]
    if not _INDEX.fullmatch(rest[0]) or int(rest[0]) >= len(items):
        return None
    return entry.place_of((head, canonical.item_keys(head, items)[int(rest[0])], *rest[1:2]))


def _change(resolved: Resolved, base: Mapping[str, JsonObject] | None, rules: DiffRules) -> Change | None:
    if resolved.live is None:
        return _create(resolved, base, rules)
    entry, live = resolved.schedule, resolved.live
    if entry.content == live.content:
        return None
    desired, held = (put_body.without(side.content, rules.ignored) for side in (entry, live))
    if desired == held:
        return None
    before = base.get(resolved.schedule_id) if base is not None else None
    if before is not None:
        before = put_body.without(before, rules.ignored)
    changed = field_changes(entry, desired, held, before, with_base=base is not None)
    return Change(
        action=Action.UPDATE,
        campaign_id=entry.campaign_id,
        schedule_id=resolved.schedule_id,
        name=entry.name,
        request=rules.put_request(put_body.update_body(entry.content, live, rules.ignored, rules.preserved)),
        fields=changed,
        before=put_body.live_body(live),
        fingerprint=put_body.fingerprint(live, rules.ignored, rules.preserved),
        origin=gravest(field.origin for field in changed),
        source=entry.places.locate(()),
    )


def _create(resolved: Resolved, base: Mapping[str, JsonObject] | None, rules: DiffRules) -> Change:
    """A create; its origin says whether git had the schedule at the base already."""
    origin = None
    if base is not None:
        origin = Origin.DRIFT if resolved.schedule_id in base else Origin.CHANGE
    entry = resolved.schedule
    return Change(
        action=Action.CREATE,
        campaign_id=entry.campaign_id,
        schedule_id=resolved.schedule_id,
        name=entry.name,
        request=rules.put_request(canonical.body(entry.campaign_id, resolved.schedule_id, entry.content)),
        origin=origin,
        source=entry.places.locate(()),
    )


def _differences(live: JsonObject, desired: JsonObject) -> Iterator[tuple[Path, Any, Any]]:
    from deepdiff import DeepDiff  # 110 ms that a plan without changes need not pay

    tree = DeepDiff(
        live,
        desired,
        view="tree",
        threshold_to_diff_deeper=0,  # else two mappings with few keys in common are one difference
        ignore_private_variables=False,  # else keys that begin with "__" are not compared
    )
    for kind, levels in tree.items():
        for level in levels:
            yield (
                tuple(level.path(output_format="list")),
                _ABSENT if kind == "dictionary_item_added" else level.t1,
                _ABSENT if kind == "dictionary_item_removed" else level.t2,
            )


def _origin(base: JsonObject | None, path: Path, desired: Any, live: Any) -> Origin:
    """Three-way: absence is a value; a schedule that is new in git but already live is a conflict as a whole."""
    if base is None:
        return Origin.CONFLICT
    before: Any = base
    for part in path:
        before = before.get(part, _ABSENT) if isinstance(before, dict) else _ABSENT
    if before == live:
        return Origin.CHANGE
    return Origin.DRIFT if before == desired else Origin.CONFLICT
