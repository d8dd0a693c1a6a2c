"""The Admin API as the stages need it: `reconciler.dialect.Dialect` over HTTP.

One schedule is one Personal Connection skill; it has a number and a name, belongs to one campaign, and has one weekly schedule.
Nothing is created or deleted. The answer to a write has no body and proves nothing, so the skill is read again after it.
"""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Sequence
from typing import Any

from ..dialect import CampaignName, ScheduleRead, UnreadSchedule, WriteAnswer
from ..errors import (
    AnswerError,
    NotFoundError,
    RateLimitedError,
    ServerFailureError,
    TenantError,
    UnauthorizedError,
    UnreachableError,
)
from ..findings import Finding
from ..identity import Resolution
from ..model import CampaignDiff, DesiredSchedule, JsonObject, LiveSchedule, Request, Webhook
from ..settings import AdminSettings, TenantSettings
from ..skills import LATE, Skill, SkillFindings, resolve_skills, why_not_usable
from ..threads import start_threads
from . import skill_lists
from .answers import Call, parse
from .client import Client
from .endpoints import endpoint_paths, with_ids
from .sign_in import UserTokens
from .skill_week import held_week, live_schedule, unknown_fields, written_week

_BASE = "/incontactapi/services/{version}"
ADMIN_PATHS = {
    "campaigns": f"{_BASE}/campaigns",
    "skills": f"{_BASE}/skills",
    "scheduleSettings": f"{_BASE}/skills/{{skillId}}/parameters/schedule-settings",
    "businessUnit": f"{_BASE}/business-unit",
}
"""The endpoints below the API's base, by the names that `paths` in tenant.yaml uses."""

_DIALING = "?mediaTypeId=4&isActive=true"
_LOOKS_AGAIN = (0.5, 1.0, 2.0, 4.0)  # seconds before a write that is not seen yet is looked for again
_PATIENCE = 3  # writes that were looked for in vain, after which none is: then this is not a copy that is late
_OUTAGE = 3  # skills that the server fails to give, after which it is the tenant that fails


class AdminTenant(Client):
    """One tenant's skills; `reconciler.dialect.Dialect` says what each method does. `tokens` know where the API is."""

    def __init__(self, settings: TenantSettings, admin: AdminSettings, tokens: UserTokens) -> None:
        own, usual = (
            {name: paths[name].replace("{version}", admin.version) for name in ADMIN_PATHS if name in paths}
            for paths in (settings.paths, ADMIN_PATHS)
        )
        super().__init__(endpoint_paths(own, usual), tokens.issuer, tokens, tokens.retry)
        self._sign_in = tokens
        self._settings = settings
        self._admin = admin
        self._lock, self._list_lock = threading.Lock(), threading.Lock()
        self._found = False  # whether the API's place is known
        self._guard = threading.BoundedSemaphore(settings.requests.concurrency)
        self._doubts: dict[str, str] = {}  # by list, why it may lack something
        self.unread: dict[str, Sequence[UnreadSchedule]] = {}
        self._replaced: dict[str, JsonObject] = {}  # what skills held before they were written, by number
        self._in_vain = 0  # how often it was waited for a write to be seen, and it was not
        self._skills: dict[str, Skill] | None = None  # those that dial
        self._no_list: TenantError | None = None  # why they are not known, for every campaign that needs them
        self._all: tuple[Skill, ...] | None = None
        self._served: set[str] = set()  # campaigns that were read from the list that is kept
        self._unknown: dict[str, Sequence[str]] = {}  # fields of each skill that are not among the 22
        self._weeks: dict[str, JsonObject] = {}  # what each skill held when it was read last

    def put_request(self, body: JsonObject) -> Request:
        week = self._weeks.get(body["id"])
        sent = None if week is None else {"scheduleSettings": written_week(body, week)}
        return Request("PUT", with_ids(self._paths["scheduleSettings"], skillId=body["id"]), body, sent)

    def authorize(self) -> None:
        self._url("skills")
        self._tokens.current()

    def campaigns(self) -> tuple[CampaignName, ...]:
        """Those that hold skills which can be managed: the others have nothing to import."""
        skills = [skill for skill in self._listed(None).values() if not skill.fault]
        names = {skill.campaign_id: skill.campaign_name for skill in skills}
        counts = Counter(skill.campaign_id for skill in skills)
        return tuple(
            CampaignName(campaign_id, names[campaign_id], counts[campaign_id]) for campaign_id in sorted(names)
        )

    def schedules(self, campaign_id: str) -> tuple[LiveSchedule, ...]:
        own = [skill for skill in self._listed(campaign_id).values() if skill.campaign_id == campaign_id]
        if not own and campaign_id not in {campaign.campaign_id for campaign in self._campaigns()}:
            if doubt := self._doubts["campaigns"] or self._doubts["skills" + _DIALING]:
                raise AnswerError(f"it is not known whether the tenant has it: {doubt}", hint=LATE)
            raise NotFoundError(f"the tenant has no campaign {campaign_id}", status=404)
        usable = sorted((skill for skill in own if not skill.fault), key=lambda skill: skill.skill_id)
        schedules, unread = self._read_all(usable)
        if doubt := self._doubts["skills" + _DIALING]:
            unread.append(UnreadSchedule(f"did not come: {doubt}"))
        self.unread[campaign_id] = unread
        return schedules

    def schedule(self, campaign_id: str, schedule_id: str) -> ScheduleRead:
        skills = self._skills if self._skills is not None else self._listed(None)
        skill = skills.get(schedule_id)
        if skill is None or skill.campaign_id != campaign_id:
            return ScheduleRead(None)
        try:
            return ScheduleRead(self._read(skill))
        except NotFoundError:
            return ScheduleRead(None)

    def put(self, request: Request, etag: str | None, *, create: bool = False, renew: bool = True) -> WriteAnswer:  # noqa: ARG002 - none there
        body, own = request.body, self.put_request(request.body)
        days = [window["dayOfWeek"] for window in body["scheduleDetails"]]
        if create or request[:3] != own[:3] or len(days) != len(set(days)) or own.sent is None:
            raise TenantError(
                f"{request.method} {request.path} is not how a skill of this tenant is written, so it is not sent",
                hint="the plan was made with other paths in tenant.yaml, or for something that is no skill: plan again",
            )
        call = Call(
            "PUT",
            self._url("scheduleSettings", skillId=body["id"]),
            f"write the weekly schedule of skill {body['id']}",
            body=json.dumps(own.sent, separators=(",", ":")).encode("ascii"),
            headers={"Content-Type": "application/json"},
            accepts=(200, 204),
            write=True,
        )
        answer = self.once(call, renew=renew)
        before, is_silent = self._weeks[body["id"]], not answer.body.strip()  # as an answer to a write is
        if own.sent["scheduleSettings"] != before and is_silent and self._in_vain < _PATIENCE:
            self._replaced[body["id"]] = before
        try:
            live = self.schedule(body["campaignId"], body["id"]).schedule
        except TenantError as error:
            words = f"skill {body['id']} was written, and could not be read again: {error.message}"
            raise AnswerError(words, hint=error.hint, status=answer.status) from None
        if live is None:
            raise AnswerError(
                f"skill {body['id']} was written, and is not there any more", status=answer.status, gone=True
            )
        return WriteAnswer(answer.status, live)

    def resolve(self, entries: Sequence[DesiredSchedule], live: Sequence[LiveSchedule]) -> Resolution:
        """See `Dialect.resolve`. A skill is found by its number, or by its exact name within the campaign."""
        return resolve_skills(entries, live, self._why_not)

    def findings(self, diffs: Sequence[CampaignDiff]) -> tuple[Finding, ...]:
        """See `Dialect.findings`."""
        doubts = sorted(set(filter(None, self._doubts.values())))
        skills = self._skills or {}
        return SkillFindings(self._admin, skills, self._unknown, doubts, self._business_unit_zone).of(diffs)

    def active_agents(self) -> int:
        raise TenantError("the Admin API has no agents that are scheduled to work")

    def webhooks(self) -> tuple[Webhook, ...] | None:
        return ()

    def register(self, webhook: Webhook, *, renew: bool = True) -> None:  # noqa: ARG002 - as every dialect
        raise TenantError(f"the Admin API has no webhooks, so {webhook.name} cannot be registered")

    def _url(self, endpoint: str, **ids: str) -> str:
        """Where an endpoint is; signs in, and finds the API, when it is asked for the first time."""
        if not self._found:
            with self._lock:
                if not self._found:
                    self._transport, self._found = self._sign_in.api(), True
        return self._transport.base_uri + with_ids(self._paths[endpoint], **ids)

    def _records(self, endpoint: str, what: str, key: str, query: str = "") -> list[JsonObject]:
        call = Call("GET", f"{self._url(endpoint)}{query}", f"read the {what}")
        entries, doubt = skill_lists.read_records(self.read, call, what, key, self._admin.page_size)
        self._doubts[endpoint + query] = doubt
        return entries

    def _listed(self, campaign_id: str | None) -> dict[str, Skill]:
        """The skills by number. A campaign that is read once more is read from a new list, because time has passed."""
        with self._list_lock:
            is_new = self._skills is None and (self._no_list is None or campaign_id is None)
            if is_new or campaign_id in self._served:
                self._served = set()
                try:
                    records = self._records("skills", "skills", "skillId", _DIALING)
                    self._skills = {skill.skill_id: skill for skill in map(skill_lists.skill, records)}
                    self._no_list = None
                except TenantError as error:
                    self._skills, self._no_list = None, error
            if campaign_id is not None:
                self._served.add(campaign_id)
            if self._skills is None:
                raise self._no_list or TenantError("the skills were not read")
            return self._skills

    def _campaigns(self) -> tuple[CampaignName, ...]:
        return skill_lists.campaigns_of(self._records("campaigns", "campaigns", "campaignId,id"))

    def _read_all(self, skills: Sequence[Skill]) -> tuple[tuple[LiveSchedule, ...], list[UnreadSchedule]]:
        """The schedules of several skills, read as many at a time as the tenant's settings allow, and those that cannot be read
        by themselves. Raises what all would fail by."""
        schedules: dict[str, LiveSchedule] = {}
        unread: dict[str, UnreadSchedule] = {}
        errors: list[TenantError] = []
        failures: list[TenantError] = []  # of the server
        left = iter(skills)
        lock = threading.Lock()

        def work() -> None:
            while not errors:
                with lock:
                    skill = next(left, None)
                if skill is None:
                    return
                number = skill.skill_id
                try:
                    schedules[number] = self._read(skill)
                except (UnauthorizedError, RateLimitedError, UnreachableError) as error:
                    errors.append(error)
                except TenantError as error:
                    unread[number] = UnreadSchedule(_unlisted(error).advice, number, skill.name)
                    if isinstance(error, ServerFailureError):
                        failures.append(error)
                        errors.extend(failures[_OUTAGE - 1 :])

        for thread in start_threads(work, min(self._settings.requests.concurrency, len(skills)), "skill"):
            thread.join()
        if errors:
            raise errors[0]
        read = tuple(schedules[skill.skill_id] for skill in skills if skill.skill_id in schedules)
        return read, [unread[number] for number in sorted(unread)]

    def _read(self, skill: Skill) -> LiveSchedule:
        """One skill's schedule. One that was just written, and still seems to hold what it held before, is looked at again for
        some seconds: a read may be answered by a copy that is late."""
        url = self._url("scheduleSettings", skillId=skill.skill_id)
        call = Call("GET", url, f"read the weekly schedule of skill {skill.skill_id}")
        for wait in (*_LOOKS_AGAIN, 0.0):
            with self._guard:
                raw = parse(self.read(call), call)
            held = held_week(raw, skill.skill_id)
            if held != self._replaced.get(skill.skill_id):
                break
            if not wait:
                self._in_vain += 1
                self._replaced.pop(skill.skill_id, None)
            elif self._retry.rest(wait):
                break
        self._weeks[skill.skill_id] = held
        zone = self._admin.timezone
        self._unknown[skill.skill_id] = unknown_fields(raw)
        return live_schedule(held, skill.campaign_id, skill.skill_id, skill.name, zone)

    def _why_not(self, entry: DesiredSchedule) -> str:
        """Why no skill that can be managed is what an entry means."""
        for unread in self.unread.get(entry.campaign_id, ()):
            if unread.schedule_id is not None and unread.may_be(entry, ()):
                return f"skill {unread.schedule_id} could not be read: {unread.why}"
        try:
            with self._list_lock:
                if self._all is None:
                    records = self._records("skills", "skills", "skillId")
                    self._all = tuple(map(skill_lists.skill, records))
        except TenantError as error:
            return f"the campaign has none that dials, and the list of all skills could not be read: {error.message}"
        return why_not_usable(entry, self._all)

    def _business_unit_zone(self) -> str:
        call = Call("GET", self._url("businessUnit"), "read the business unit")
        body: Any = parse(self.read(call), call)
        units = body.get("businessUnits") if isinstance(body, dict) else None
        unit = units[0] if isinstance(units, list) and units else body
        zone = unit.get("defaultTimeZone") if isinstance(unit, dict) else None
        if not isinstance(zone, str) or not zone:
            raise AnswerError("the business unit has no defaultTimeZone")
        return zone


def _unlisted(error: TenantError) -> TenantError:
    """A skill that is gone since it was listed makes its campaign unreadable, and is no campaign that is not there."""
    if isinstance(error, NotFoundError):
        return AnswerError(
            f"{error.message}; the list of skills has it", hint="try again: it may just have been deleted"
        )
    return error
