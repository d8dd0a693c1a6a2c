"""What no campaign file can hold."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.importing.choice import not_importable
from reconciler.model import CampaignLive
from tests.support.builders import blackout, live, rules, schedule, window


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"name": ""}, 'name is "", but must not be empty'),
        ({"name": "\udc00"}, "half a character"),
        ({"timezone": ""}, "timezone"),
        ({"scheduleDetails": [window(maxCallsPerDay=0)]}, "scheduleDetails[0].maxCallsPerDay is 0"),
        ({"scheduleDetails": [window(maxCallsPerHour=1.5)]}, "must be a whole number"),
        ({"scheduleDetails": [window(predictiveRate=3.5)]}, "must be at most 3"),
        ({"scheduleDetails": []}, "at least one entry"),
        ({"blackoutPeriods": [blackout(reason="x")]}, "at least 2 characters"),
        ({"complianceRules": rules("GDPR")}, "must be one of"),
    ],
)
def test_what_the_schema_refuses_is_refused_with_its_reason(fields: dict[str, Any], reason: str) -> None:
    good = live(schedule("Good"), "good")
    bad = live({**schedule(), **fields}, "bad")
    refused = not_importable([CampaignLive("CAM_001", (bad, good))])
    assert refused.campaigns == {}
    assert list(refused.schedules) == [("CAM_001", "bad")]
    assert reason in refused.schedules["CAM_001", "bad"]


@pytest.mark.parametrize("campaign", [".", "..", "\ud800"])
def test_a_campaign_whose_id_cannot_be_written_is_refused_as_a_whole(campaign: str) -> None:
    held = live(schedule())._replace(campaign_id=campaign)
    refused = not_importable([CampaignLive(campaign, (held,)), CampaignLive("CAM_001", ())])
    assert list(refused.campaigns) == [campaign]
    assert refused.schedules == {}
