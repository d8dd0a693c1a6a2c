"""What the sandbox's tenant holds: campaigns, their schedules, agents and webhooks.

Everything is kept as JSON text, so what goes in or out is always a copy. A record's texts are made once, when the schedule is
written, because it is read far more often than written. The lock covers memory only; a write then waits, outside the lock, until
its state is saved (`keep`), so that writes at the same time share one save.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import threading
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple
from urllib.parse import quote

from .bodies import Json, encode

ASSIGNED = ("version", "selfUri")
"""Fields that only the tenant sets; what a client or a console sends for them is dropped."""


class Record(NamedTuple):
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


class Written(NamedTuple):
    """The outcome of a write: the new record, and the one that it replaced, if any."""

    record: Record
    before: Record | None


class Snapshot(NamedTuple):
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


def default_agents(count: int) -> tuple[Json, ...]:
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


def keep_nowhere(_revision: int) -> None:
    """What a store does after each change, where its state is not kept."""


class CampaignUnknownError(LookupError):
    """The tenant has no such campaign."""


class PreconditionFailedError(Exception):
    """The ETag asked for is not the schedule's."""


class Store:
    """Thread-safe state. The first half is the console: tests and rehearsals read and edit what the tenant holds."""

    def __init__(self, *, campaigns: Iterable[str] = (), agents: Iterable[Json] = ()) -> None:
        self._lock = threading.RLock()
        self._campaigns: dict[str, dict[str, Record]] = {name: {} for name in campaigns}
        self.agent_texts = [encode(agent) for agent in agents]  # JSON texts, for the HTTP side
        self.webhook_texts: list[str] = []
        self._revision = 0
        self.keep: Callable[[int], None] = keep_nowhere

    @property
    def campaigns(self) -> tuple[str, ...]:
        """The campaigns' ids, sorted."""
        with self._lock:
            return tuple(sorted(self._campaigns))

    def ensure_campaigns(self, ids: Iterable[str]) -> None:
        """Adds the campaigns that are not there yet, empty."""
        with self._lock:
            missing = [name for name in ids if name not in self._campaigns]
            self._campaigns.update({name: {} for name in missing})
        if missing:
            self.save()

    def remove_campaign(self, campaign_id: str) -> None:
        """Removes a campaign and its schedules. Raises CampaignUnknownError."""
        with self._lock:
            self._of(campaign_id)
            del self._campaigns[campaign_id]
        self.save()

    def schedules(self, campaign_id: str) -> tuple[Json, ...]:
        """The campaign's schedules as a GET answers them, in the order of their creation."""
        return tuple(json.loads(record.served) for record in self.records(campaign_id))

    def put(self, campaign_id: str, value: Any, *, schedule_id: str | None = None) -> None:
        """An edit in the console: stores any JSON as it is, valid or not, and changes its ETag.

        It goes under `schedule_id`, else under its own `id`, else under a new name. The campaign is made if needed.
        """
        with self._lock:
            records = self._campaigns.setdefault(campaign_id, {})
            own = value.get("id") if isinstance(value, dict) else None
            key = schedule_id or (own if isinstance(own, str) and own else f"unnamed-{len(records) + 1}")
            before = records.get(key)
            records[key] = make_record(campaign_id, key, before.version + 1 if before else 1, value)
        self.save()

    def delete(self, campaign_id: str, schedule_id: str) -> None:
        """A deletion in the console. Raises CampaignUnknownError, or KeyError without such a schedule."""
        with self._lock:
            del self._of(campaign_id)[schedule_id]
        self.save()

    @property
    def agents(self) -> tuple[Json, ...]:
        """The agents; assign any iterable of JSON to replace them."""
        return tuple(json.loads(text) for text in tuple(self.agent_texts))

    @agents.setter
    def agents(self, values: Iterable[Any]) -> None:
        with self._lock:
            self.agent_texts = [encode(value) for value in values]
        self.save()

    @property
    def webhooks(self) -> tuple[Json, ...]:
        """The registered webhooks; assign any iterable of JSON to replace them."""
        return tuple(json.loads(text) for text in tuple(self.webhook_texts))

    @webhooks.setter
    def webhooks(self, values: Iterable[Any]) -> None:
        with self._lock:
            self.webhook_texts = [encode(value) for value in values]
        self.save()

    # What the HTTP side uses.

    def records(self, campaign_id: str) -> tuple[Record, ...]:
        """The campaign's records. Raises CampaignUnknownError."""
        with self._lock:
            return tuple(self._of(campaign_id).values())

    def find(self, campaign_id: str, schedule_id: str) -> Record | None:
        """One record. Raises CampaignUnknownError."""
        with self._lock:
            return self._of(campaign_id).get(schedule_id)

    def write(
        self,
        campaign_id: str,
        schedule_id: str,
        body: Json,
        *,
        accepts: Callable[[str | None], bool] = lambda _etag: True,
        dry: bool = False,
    ) -> Written:
        """Creates or replaces a schedule; its status is the tenant's own and survives. `dry` stores nothing.

        `accepts` is asked with the present ETag (None: no schedule); if it says no: PreconditionFailedError.
        """
        with self._lock:
            records = self._of(campaign_id)
            before = records.get(schedule_id)
            if not accepts(before.etag if before else None):
                raise PreconditionFailedError
            held = before.stored if before else {}
            kept = {"status": held["status"]} if isinstance(held, dict) and "status" in held else {}
            value = {name: item for name, item in body.items() if name != "status"} | kept
            version = before.version + 1 if before else 1
            written = Written(make_record(campaign_id, schedule_id, version, value), before)
            if dry:
                return written
            records[schedule_id] = written.record
        self.save()
        return written

    def add_webhook(self, body: Json, *, dry: bool = False) -> Json:
        """Registers a webhook under an id of the tenant's; `dry` stores nothing."""
        with self._lock:
            taken = {hook.get("id") for hook in self.webhooks}
            names = (f"WEBHOOK_{number:03}" for number in itertools.count(len(self.webhook_texts) + 1))
            webhook = body | {"id": next(name for name in names if name not in taken)}
            if dry:
                return webhook
            self.webhook_texts.append(encode(webhook))
        self.save()
        return webhook

    # What the state file uses.

    def save(self) -> None:
        """Has everything kept as it is now, under a new revision. Raises OSError where that fails."""
        with self._lock:
            self._revision += 1
            revision = self._revision
        self.keep(revision)

    def snapshot(self) -> Snapshot:
        """Everything, consistent, as texts."""
        with self._lock:
            campaigns = tuple((name, tuple(self._campaigns[name].values())) for name in sorted(self._campaigns))
            return Snapshot(self._revision, campaigns, tuple(self.agent_texts), tuple(self.webhook_texts))

    def restore(self, snapshot: Snapshot) -> None:
        """Replaces everything."""
        with self._lock:
            self._campaigns = {name: {one.key: one for one in records} for name, records in snapshot.campaigns}
            self.agent_texts = list(snapshot.agents)
            self.webhook_texts = list(snapshot.webhooks)

    def _of(self, campaign_id: str) -> dict[str, Record]:
        try:
            return self._campaigns[campaign_id]
        except KeyError:
            raise CampaignUnknownError(campaign_id) from None
