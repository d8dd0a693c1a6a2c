"""Live schedules that no campaign file can hold: told plainly, never written as something else.

A tenant may hold what the desired state refuses, such as a cap above the API's own limit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ... import adopt, canonical
from ...desired.reader import SchemaCheck
from ...model import CampaignLive, LiveSchedule
from ...yaml.scalars import can_be_written
from .state import Key

_NO_TEXT = "it holds half a character (a lone surrogate), which no file can hold"


@dataclass(frozen=True, slots=True)
class Refused:
    """Campaigns whose id, and schedules whose content, cannot be written, with the reason."""

    campaigns: Mapping[str, str]
    schedules: Mapping[Key, str]


def refuse(live: Iterable[CampaignLive]) -> Refused:
    """Find out by the schema of campaign files itself."""
    check = SchemaCheck("campaign")
    campaigns: dict[str, str] = {}
    schedules: dict[Key, str] = {}
    for campaign in live:
        reason = _reason(check, campaign.campaign_id, ())
        if reason is not None:
            campaigns[campaign.campaign_id] = reason
            continue
        for each in campaign.schedules:
            reason = _reason(check, campaign.campaign_id, (each,))
            if reason is not None:
                schedules[campaign.campaign_id, each.schedule_id] = reason
    return Refused(campaigns, schedules)


def _reason(check: SchemaCheck, campaign_id: str, schedules: tuple[LiveSchedule, ...]) -> str | None:
    data = {"campaignId": campaign_id, "schedules": [adopt.new_entry(each) for each in schedules]}
    if not can_be_written(canonical.dumps(data)):
        return _NO_TEXT
    return "; ".join(each.message.removeprefix("schedules[0].") for each in check.problems(data)) or None
