"""The changes of one campaign, and what else its comparison shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from .. import canonical, carry
from ..model import (
    Action,
    CampaignDiff,
    CampaignLive,
    Change,
    FieldChange,
    JsonObject,
    Origin,
    Path,
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

    ignored: tuple[Path, ...]
    preserved: tuple[Path, ...]
    put_request: PutRequest


def diff_campaign(
    resolved: tuple[Resolved, ...],
    live: CampaignLive,
    base: Mapping[str, JsonObject] | None,
    rules: DiffRules,
) -> CampaignDiff:
    """Compare the resolved entries of one campaign with live; `base` maps ids to contents, None without a base."""
    pairs = [(each, _change(each, base, rules)) for each in resolved]
    named = {each.schedule_id for each in resolved}
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
    desired = canonical.without(each.schedule.content, rules.ignored)
    live = canonical.without(each.live.content, rules.ignored)
    if desired == live:
        return None
    before = base.get(each.schedule_id) if base is not None else None
    fields = field_changes(
        each.schedule,
        desired,
        live,
        canonical.without(before, rules.ignored) if before is not None else None,
        with_base=base is not None,
    )
    return Change(
        action=Action.UPDATE,
        campaign_id=each.schedule.campaign_id,
        schedule_id=each.schedule_id,
        name=each.schedule.name,
        request=rules.put_request(
            carry.update_body(each.schedule.content, each.live, rules.ignored, rules.preserved)
        ),
        fields=fields,
        before=carry.live_body(each.live),
        fingerprint=canonical.fingerprint(each.live, rules.ignored, rules.preserved),
        origin=_gravest(fields),
        source=each.schedule.places.locate(()),
    )


def _create(each: Resolved, base: Mapping[str, JsonObject] | None, rules: DiffRules) -> Change:
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
    origins = {field.origin for field in fields}
    return next((each for each in reversed(Origin) if each in origins), None)
