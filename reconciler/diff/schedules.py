"""The changes of one campaign, and what else its comparison shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from .. import canonical, carry
from ..fields import Patterns, without
from ..model import (
    Action,
    CampaignDiff,
    CampaignLive,
    Change,
    FieldChange,
    JsonObject,
    Origin,
    Request,
    Resolved,
)
from .fields import field_changes


class PutRequest(Protocol):
    """How the tenant's dialect writes a schedule."""

    def __call__(self, body: JsonObject, /) -> Request:
        """The request that makes a schedule equal to `body`."""


@dataclass(frozen=True, slots=True)
class DiffRules:
    """What is left out of the comparison, what is carried over from live, and how a write looks."""

    ignored: Patterns
    preserved: Patterns
    put_request: PutRequest


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
    pairs = [(each, _change(each, base, rules)) for each in resolved]
    named = {each.schedule_id for each in resolved} | contested
    unmanaged = tuple(each for each in live.schedules if each.schedule_id not in named)
    return CampaignDiff(
        changes=tuple(change for _, change in pairs if change is not None),
        changed=tuple(each for each, change in pairs if change is not None),
        unchanged=tuple(each for each, change in pairs if change is None),
        unmanaged=unmanaged,
        released=tuple(each for each in unmanaged if base is not None and each.schedule_id in base),
    )


def _change(each: Resolved, base: Mapping[str, JsonObject] | None, rules: DiffRules) -> Change | None:
    if each.live is None:
        return _create(each, base, rules)
    entry, live = each.schedule, each.live
    if entry.content == live.content:
        return None
    desired, held = without(entry.content, rules.ignored), without(live.content, rules.ignored)
    if desired == held:
        return None
    before = base.get(each.schedule_id) if base is not None else None
    if before is not None:
        before = without(before, rules.ignored)
    changed = field_changes(entry, desired, held, before, with_base=base is not None)
    return Change(
        action=Action.UPDATE,
        campaign_id=entry.campaign_id,
        schedule_id=each.schedule_id,
        name=entry.name,
        request=rules.put_request(carry.update_body(entry.content, live, rules.ignored, rules.preserved)),
        fields=changed,
        before=carry.live_body(live),
        fingerprint=canonical.fingerprint(live, rules.ignored, rules.preserved),
        origin=_gravest(changed),
        source=entry.places.locate(()),
    )


def _create(each: Resolved, base: Mapping[str, JsonObject] | None, rules: DiffRules) -> Change:
    """A create; its origin says whether git had the schedule at the base already."""
    origin = None
    if base is not None:
        origin = Origin.DRIFT if each.schedule_id in base else Origin.CHANGE
    entry = each.schedule
    return Change(
        action=Action.CREATE,
        campaign_id=entry.campaign_id,
        schedule_id=each.schedule_id,
        name=entry.name,
        request=rules.put_request(canonical.body(entry.campaign_id, each.schedule_id, entry.content)),
        origin=origin,
        source=entry.places.locate(()),
    )


def _gravest(fields: tuple[FieldChange, ...]) -> Origin | None:
    """The origins stand in the order of their gravity."""
    origins = {field.origin for field in fields}
    return next((each for each in reversed(Origin) if each in origins), None)
