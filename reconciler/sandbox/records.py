"""What is stored, as values: one schedule as a record of JSON texts, and a snapshot of a whole tenant.

A record's texts are made once, when the schedule is written, because it is read far more often than written.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from .answers import encode

JsonObject = dict[str, Any]

ASSIGNED = ("version", "selfUri")
"""Fields that only the tenant sets; what a client or a console sends for them is dropped."""


@dataclass(frozen=True, slots=True)
class Record:
    """`key`: the id in the path. `served`: JSON as it is answered. `line`: JSON in the state file, with what is stored."""

    key: str
    version: int
    served: str
    line: bytes
    etag: str

    @property
    def stored(self) -> Any:
        """What was stored, any JSON; a copy."""
        return json.loads(self.line)["schedule"]


@dataclass(frozen=True, slots=True)
class Written:
    """The outcome of a write: the new record, and the one that it replaced, if any."""

    record: Record
    before: Record | None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything that a tenant holds, consistent as of `revision`; campaigns sorted by id."""

    revision: int
    campaigns: tuple[tuple[str, tuple[Record, ...]], ...]
    agents: tuple[str, ...]
    webhooks: tuple[str, ...]


def make_record(campaign_id: str, key: str, version: int, value: Any) -> Record:
    """Stores `value`, any JSON, under `key`. An object is answered with its status, version and selfUri added."""
    stored = served = value
    if isinstance(value, dict):
        stored = {name: item for name, item in value.items() if name not in ASSIGNED}
        uri = f"/api/v2/dialer/campaigns/{quote(campaign_id, safe='')}/schedules/{quote(key, safe='')}"
        served = {"status": "ACTIVE"} | stored | {"version": version, "selfUri": uri}
    text = encode(served)
    line = encode({"id": key, "version": version, "schedule": stored}).encode()
    return Record(key, version, text, line, hashlib.sha256(line).hexdigest()[:32])


def default_agents(count: int) -> tuple[JsonObject, ...]:
    """`count` ACTIVE agents, eight hours each."""
    return tuple(
        {
            "userId": f"USR_{number:03}",
            "status": "ACTIVE",
            "scheduleId": f"SCH_WFM_{number:03}",
            "availableHoursPerDay": 8,
        }
        for number in range(1, count + 1)
    )
