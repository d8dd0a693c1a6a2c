"""What the sandbox's tenant holds for the Admin API: campaigns, Personal Connection skills, and each skill's weekly schedule.

All of it is plain JSON, copied on its way in and out. A console may store anything; the checks of a write are the API's.
"""

from __future__ import annotations

import copy
import json
import threading
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from .bodies import Json, encode
from .store import keep_nowhere

SKILL_DAYS = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
"""The weekdays as the fields of the schedule settings begin."""
PERSONAL_CONNECTION = "Personal Connection"
_FIRST_ID = 4001


def weekly_settings(start: str | None = "09:00", end: str | None = "17:00", closed: Iterable[str] = ()) -> Json:
    """Schedule settings: the same hours every day, less the `closed` ones, which keep their times."""
    return {
        "isScheduled": True,
        **{f"{day}StartTime": start for day in SKILL_DAYS},
        **{f"{day}EndTime": end for day in SKILL_DAYS},
        **{f"{day}IsActive": day not in closed for day in SKILL_DAYS},
    }


class SkillSnapshot(NamedTuple):
    """Everything that a tenant holds, consistent as of `revision`."""

    revision: int
    skills: tuple[Json, ...]
    campaigns: tuple[Json, ...]
    business_unit: Json

    def encoded(self) -> bytes:
        """The state file's bytes, a skill a line."""
        campaigns, skills = (",\n".join(map(encode, items)) for items in (self.campaigns, self.skills))
        return (
            f'{{"formatVersion":"1","api":"admin",\n"businessUnit":{encode(self.business_unit)},\n'
            f'"campaigns":[\n{campaigns}\n],\n"skills":[\n{skills}\n]}}\n'
        ).encode()


def decode_skills(document: Any) -> SkillSnapshot:
    """The snapshot in a parsed state file. ValueError for one of the dialer, or of another version."""
    if not isinstance(document, dict) or document.get("api") != "admin" or document.get("formatVersion") != "1":
        raise ValueError("it is not the state of an Admin API tenant of this version")
    try:
        parts = tuple(document["skills"]), tuple(document["campaigns"]), dict(document["businessUnit"])
        _ = [skill["settings"] for skill in parts[0]], [campaign["campaignId"] for campaign in parts[1]]
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{error} is missing, or of another type") from None
    return SkillSnapshot(0, *parts)


class SkillStore:
    """The tenant's state; thread-safe. `keep` is called with a revision after each change, and returns when it is safe."""

    def __init__(self, time_zone: str = "Eastern Standard Time") -> None:
        """`time_zone` is the business unit's, by its Windows name."""
        self._lock = threading.RLock()
        self._skills: dict[str, Json] = {}
        self._campaigns: dict[str, Json] = {}
        self._unit: Json = {"defaultTimeZone": time_zone, "apiPublishedLimit": 1000}
        self._revision = 0
        self.keep: Callable[[int], None] = keep_nowhere

    # What a console does.

    def add_campaign(self, campaign_id: str, name: str | None = None) -> None:
        """Adds a campaign, or renames it."""
        with self._lock:
            number = _number(campaign_id)
            self._campaigns[campaign_id] = {"campaignId": number, "campaignName": name or campaign_id, "isActive": True}
        self.save()

    def add_skill(
        self, campaign_id: str, name: str, skill_id: str | None = None, settings: Json | None = None, **fields: Any
    ) -> str:
        """Adds a skill to a campaign, which is made if need be; returns the skill's id. `fields` are those of the list."""
        with self._lock:
            if campaign_id not in self._campaigns:
                self.add_campaign(campaign_id)
            taken = (int(key) for key in self._skills if key.isdecimal())
            key = skill_id or str(max(taken, default=_FIRST_ID - 1) + 1)
            campaign = self._campaigns[campaign_id]
            self._skills[key] = {
                "skillId": _number(key),
                "skillName": name,
                "mediaTypeId": 4,
                "isActive": True,
                "campaignId": campaign["campaignId"],
                "campaignName": campaign["campaignName"],
                "isOutbound": True,
                "outboundStrategy": PERSONAL_CONNECTION,
                "isRunning": False,
                **fields,
                "settings": copy.deepcopy(weekly_settings() if settings is None else settings),
            }
        self.save()
        return key

    def edit(self, skill_id: str, **settings: Any) -> None:
        """Changes schedule settings of a skill, to any JSON; KeyError without such a skill."""
        with self._lock:
            self._skills[skill_id]["settings"].update(settings)
        self.save()

    def change(self, skill_id: str, **fields: Any) -> None:
        """Changes what the list says of a skill; KeyError without such a skill."""
        with self._lock:
            self._skills[skill_id].update(fields)
        self.save()

    def remove_skill(self, skill_id: str) -> None:
        """Deletes a skill; KeyError without one."""
        with self._lock:
            del self._skills[skill_id]
        self.save()

    def settings(self, skill_id: str) -> Json:
        """The schedule settings of a skill, a copy; KeyError without such a skill."""
        with self._lock:
            return dict(copy.deepcopy(self._skills[skill_id]["settings"]))

    def time_zone(self, windows_name: Any) -> None:
        """Sets the business unit's default time zone."""
        with self._lock:
            self._unit["defaultTimeZone"] = windows_name
        self.save()

    # What the HTTP side and the state file use.

    @property
    def skills(self) -> tuple[Json, ...]:
        """What the list says of each skill, by id."""
        with self._lock:
            listed = (self._skills[key] for key in sorted(self._skills, key=lambda key: (len(key), key)))
            return tuple({name: value for name, value in skill.items() if name != "settings"} for skill in listed)

    @property
    def campaign_records(self) -> tuple[Json, ...]:
        """All campaigns, by id."""
        with self._lock:
            return tuple(dict(self._campaigns[key]) for key in sorted(self._campaigns))

    @property
    def business_unit(self) -> Json:
        """The business unit."""
        with self._lock:
            return dict(self._unit)

    def replace_settings(self, skill_id: str, settings: Json) -> None:
        """Carries a write out; KeyError without such a skill."""
        with self._lock:
            self._skills[skill_id]["settings"] = copy.deepcopy(settings)
        self.save()

    def ensure(self, campaigns: Iterable[str], skills: Iterable[tuple[str, str, str | None]]) -> None:
        """Adds the campaigns and skills (campaign, name, pinned id) that are not there yet; a pinned one comes first, or its
        number may be given to another."""
        for campaign_id in campaigns:
            if campaign_id not in self._campaigns:
                self.add_campaign(campaign_id)
        for campaign_id, name, skill_id in sorted(skills, key=lambda skill: (skill[2] is None, skill[0], skill[1])):
            with self._lock:
                there = skill_id in self._skills or any(
                    str(skill["campaignId"]) == campaign_id and skill["skillName"] == name
                    for skill in self._skills.values()
                )
            if not there:
                self.add_skill(campaign_id, name, skill_id)

    def save(self) -> None:
        """Has everything kept as it is now, under a new revision. Raises OSError where that fails."""
        with self._lock:
            self._revision += 1
            revision = self._revision
        self.keep(revision)

    def snapshot(self) -> SkillSnapshot:
        """Everything, consistent; a copy."""
        with self._lock:
            held = json.loads(encode([[*self._skills.values()], [*self._campaigns.values()], self._unit]))
            return SkillSnapshot(self._revision, tuple(held[0]), tuple(held[1]), held[2])

    def restore(self, snapshot: SkillSnapshot) -> None:
        """Replaces everything."""
        with self._lock:
            self._skills = {str(skill["skillId"]): skill for skill in snapshot.skills}
            self._campaigns = {str(campaign["campaignId"]): campaign for campaign in snapshot.campaigns}
            self._unit = snapshot.business_unit


def _number(text: str) -> int | str:
    """An id as CXone has it; a name of the files that is no number stays text."""
    return int(text) if text.isascii() and text.isdecimal() else text
