"""A tenant on loopback and a folder of schedules, for tests that run whole commands."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reconciler.model import JsonObject
from reconciler.sandbox import Sandbox
from tests.support.commands import variables_of

TENANT = "name: acme\nbaseUri: https://api.usw2.niceincontact.com\n"


@dataclass(frozen=True, slots=True)
class World:
    """A running tenant, the folder whose `schedules` are applied to it, and the variables that lead to it."""

    box: Sandbox
    folder: Path

    @property
    def env(self) -> dict[str, str]:
        """The variables that a person would export."""
        return variables_of(self.box)

    def write(self, *campaigns: Mapping[str, Any], tenant: str = TENANT, below: str = "schedules") -> None:
        """Write the tenant and one file for each campaign; JSON is YAML."""
        folder = self.folder / below
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "tenant.yaml").write_text(tenant, encoding="utf-8")
        for campaign in campaigns:
            text = json.dumps(campaign, indent=1)
            (folder / f"{campaign['campaignId'].lower()}.yaml").write_text(text, encoding="utf-8")

    def puts(self) -> list[str]:
        """The paths of all PUTs so far."""
        return [seen.path for seen in self.box.log if seen.method == "PUT"]

    def live(self, campaign_id: str = "CAM_001") -> list[JsonObject]:
        """What the tenant holds."""
        return list(self.box.store.schedules(campaign_id))


def campaign(campaign_id: str, *schedules: Mapping[str, Any]) -> JsonObject:
    """A campaign file."""
    return {"campaignId": campaign_id, "schedules": list(schedules)}
