"""The tenant's side of the Admin API: discovery, lists, and the weekly schedule of skills.

It is as strict as such a tenant may be, and as odd: what real ones were seen to do differently are `QUIRKS`, each a switch.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Any

from werkzeug import Request, Response
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import Map, Rule

from .admin_tokens import TENANT_ID, AdminRefusal, AdminTokens, read_object
from .api import Limits, Seen
from .bodies import Json, Refused, encode, json_answer
from .faults import Fault
from .options import SandboxOptions
from .skill_store import SKILL_DAYS, SkillStore

QUIRKS: Mapping[str, str] = {
    "seven-days": "refuse a week with an inactive day",
    "text-numbers": "send ids, totals and the life of a token as text",
    "text-booleans": 'send booleans as "True" and "False"',
    "seconds": "send times as HH:MM:SS",
    "no-links": "leave _links out of lists",
    "no-content": "answer an empty list with 204 and no body",
    "words-in-body": "give the words of a refusal in the body, not in the header icStatusDescription",
    "bare-word": "give the words of a refusal as the whole body",
    "view-only": "refuse every write with 403",
    "same-page": "send the first page again for every further page",
    "high-totals": "count one record more than a list holds",
    "late-writes": "show a write only from the third reading after it on",
}
"""How an Admin API tenant may differ from what NICE publishes, by name."""

_BASE = "/incontactapi/services/<version>"
_SETTINGS = f"{_BASE}/skills/<skill_id>/parameters/schedule-settings"
_ROUTES = {
    "findSignIn": ("GET", "/.well-known/openid-configuration"),
    "findApi": ("GET", "/.well-known/cxone-configuration"),
    "signInByPassword": ("POST", "/auth/token"),
    "signInByAccessKey": ("POST", "/authentication/v1/token/access-key"),
    "readBusinessUnit": ("GET", f"{_BASE}/business-unit"),
    "listCampaigns": ("GET", f"{_BASE}/campaigns"),
    "listSkills": ("GET", f"{_BASE}/skills"),
    "readScheduleSettings": ("GET", _SETTINGS),
    "writeScheduleSettings": ("PUT", _SETTINGS),
}
_OPEN = frozenset({"findSignIn", "findApi", "signInByPassword", "signInByAccessKey"})
_VERSION = re.compile(r"v([1-9][0-9]?)\.0", re.ASCII)
_FLAT_FROM = 33  # the version from which on the list of campaigns is no longer wrapped
_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]", re.ASCII)
_NUMBERS = frozenset({"skillId", "campaignId", "id", "mediaTypeId", "totalRecords", "businessUnitId", "expires_in"})
_MOST = 100_000


@functools.cache
def _routes() -> Map:
    rules = [Rule(path, endpoint=name, methods=[method]) for name, (method, path) in _ROUTES.items()]
    return Map(rules, merge_slashes=False, strict_slashes=False)


@dataclass(frozen=True, eq=False)
class AdminApi:
    """Answers requests from a store. `places` overrides what discovery says: `token_endpoint`, `api_endpoint`."""

    store: SkillStore
    options: SandboxOptions
    tokens: AdminTokens
    limits: Limits
    quirks: Set[str]
    places: Mapping[str, str]
    late: dict[str, tuple[Json, int]] = field(default_factory=dict)
    """What skills held before they were written, and how many readings still see that."""

    def respond(self, request: Request, visit: Seen, lie: Fault | None = None) -> Response:
        """The answer to one request; never raises for anything that a client can send."""
        try:
            return self.limits.refuse() or self._dispatch(request, visit, lie)
        except AdminRefusal as refused:
            return self._refusal(refused.status, refused.words, refused.headers)
        except Refused as refused:
            return refused.response
        except MethodNotAllowed as error:
            return self._refusal(405, "method not allowed", {"Allow": ", ".join(sorted(error.valid_methods or ()))})
        except HTTPException as error:
            return self._refusal(error.code or 500, error.name)
        except OSError as error:
            return self._refusal(500, f"the sandbox could not save its state: {error.strerror or error}")

    def _refusal(self, status: int, words: str, headers: Mapping[str, str] | None = None) -> Response:
        if "bare-word" in self.quirks:
            return Response(words, status, headers, content_type="text/plain")
        if "words-in-body" in self.quirks:
            return json_answer(encode({"error": str(status), "errorDescription": words}), status, headers)
        return Response("", status, {**(headers or {}), "icStatusDescription": words})

    def _dispatch(self, request: Request, visit: Seen, lie: Fault | None) -> Response:
        operation, values = _routes().bind("").match(visit.path, request.method)
        if operation not in _OPEN:
            version = _VERSION.fullmatch(values["version"])
            if version is None:
                raise AdminRefusal(404, "no such version")
            self.tokens.check(request.headers.get("Authorization"))
            visit.scope = "user"
            if "application/json" not in request.headers.get("Accept", ""):
                raise AdminRefusal(400, "No known way to render data")
        match operation:
            case "readScheduleSettings":
                return self._answer(self._clocked(self._seen(values["skill_id"])))
            case "writeScheduleSettings":
                return self._write(request, values["skill_id"], lie)
            case "listSkills":
                return self._page(request, "skills", _filtered(self.store.skills, request), wrapped=False)
            case "listCampaigns":
                return self._campaigns(request, int(values["version"][1:-2]))
            case "readBusinessUnit":
                return self._answer({"businessUnits": [self.store.business_unit]})
            case _:
                return self._sign_in(operation, request)

    def _sign_in(self, operation: str, request: Request) -> Response:
        host = request.host_url.rstrip("/")
        if operation == "findSignIn":
            endpoint = self.places.get("token_endpoint", f"{host}/auth/token")
            return self._answer({"issuer": host, "token_endpoint": endpoint})
        if operation == "findApi":
            if request.args.get("tenantId") != TENANT_ID:
                raise AdminRefusal(404, "Tenant not found")
            endpoint = self.places.get("api_endpoint", host)
            return self._answer({"api_endpoint": endpoint, "area": "na1", "domain": "localhost", "tenantId": TENANT_ID})
        by_password = operation == "signInByPassword"
        return self._answer(self.tokens.by_password(request) if by_password else self.tokens.by_access_key(request))

    def _held(self, skill_id: str) -> Json:
        try:
            return self.store.settings(skill_id)
        except KeyError:
            raise AdminRefusal(404, "Invalid skillId") from None

    def _seen(self, skill_id: str) -> Json:
        """What a reading sees of a skill: for some time after a write what was there before."""
        before, left = self.late.get(skill_id, ({}, 0))
        if left:
            self.late[skill_id] = before, left - 1
        return before if left else self._held(skill_id)

    def _clocked(self, settings: Json) -> Json:
        if "seconds" not in self.quirks:
            return settings
        return {
            name: f"{value}:00" if isinstance(value, str) and _TIME.fullmatch(value) else value
            for name, value in settings.items()
        }

    def _write(self, request: Request, skill_id: str, lie: Fault | None) -> Response:
        before = self._held(skill_id)
        settings = checked_settings(read_object(request))
        if "view-only" in self.quirks:
            raise AdminRefusal(403, "Security permissions prevent access to data")
        if "seven-days" in self.quirks and not all(settings[f"{day}IsActive"] for day in SKILL_DAYS):
            raise AdminRefusal(400, "InvalidParameter")
        if lie is not None and lie.kind == "clamp":
            settings = {**settings, "mondayEndTime": "16:45", "tuesdayEndTime": "16:45"}
        if lie is None or (lie.kind != "drop" and lie.acts):
            self.late[skill_id] = before, 2 if "late-writes" in self.quirks else 0
            self.store.replace_settings(skill_id, settings)
        return Response("", 200)

    def _campaigns(self, request: Request, version: int) -> Response:
        items = list(self.store.campaign_records)
        if version < _FLAT_FROM:
            return self._page(request, "campaigns", items, wrapped=True)
        names = {"campaignId": "id", "campaignName": "name", "isActive": "isActive"}
        flat = [{names[name]: value for name, value in item.items()} for item in items]
        return self._page(request, "campaigns", flat, wrapped=False)

    def _page(self, request: Request, name: str, items: Sequence[Json], *, wrapped: bool) -> Response:
        skip, top = _whole(request, "skip", 0, 0), _whole(request, "top", self.options.page_size, 1)
        size = min(top, self.options.page_size)
        start = 0 if "same-page" in self.quirks else skip
        shown = items[start : start + size]
        if not shown and "no-content" in self.quirks:
            return Response(status=204)
        total = len(items) + ("high-totals" in self.quirks)
        result: Json = {"businessUnitId": 1, "totalRecords": total, name: shown}
        if "no-links" not in self.quirks:
            more = f"{request.base_url}?skip={skip + size}&top={top}" if skip + size < len(items) else ""
            result["_links"] = {"self": request.url, "next": more, "previous": ""}
        return self._answer({"resultSet": result} if wrapped else result)

    def _answer(self, value: Json) -> Response:
        return json_answer(encode(self._worded(value)))

    def _worded(self, value: Any, name: str = "") -> Any:
        """A value as this tenant spells it."""
        if isinstance(value, dict):
            return {key: self._worded(item, key) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self._worded(item) for item in value]
        if isinstance(value, bool):
            return str(value) if "text-booleans" in self.quirks else value
        if isinstance(value, int) and name in _NUMBERS and "text-numbers" in self.quirks:
            return str(value)
        return value


def checked_settings(body: Json) -> Json:
    """The settings of a write. Raises AdminRefusal (400) unless all 22 fields are there, and nothing else."""
    settings = body.get("scheduleSettings")
    if body.keys() != {"scheduleSettings"} or not isinstance(settings, dict) or not settings:
        raise AdminRefusal(400, "Invalid skills - cannot be null or empty")
    parts = {f"{day}{part}" for day in SKILL_DAYS for part in ("StartTime", "EndTime", "IsActive")}
    if settings.keys() != {"isScheduled", *parts}:
        raise AdminRefusal(400, f"InvalidParameter: {', '.join(sorted(settings.keys() ^ {'isScheduled', *parts}))}")
    for name, value in settings.items():
        is_flag = name == "isScheduled" or name.endswith("IsActive")
        if is_flag and not isinstance(value, bool):
            raise AdminRefusal(400, f"InvalidParameter: {name}")
        is_open = not is_flag and settings[f"{name.removesuffix('StartTime').removesuffix('EndTime')}IsActive"]
        if not is_flag and not _is_time(value, needed=bool(is_open)):
            raise AdminRefusal(400, f"InvalidParameter: {name}")
    return settings


def _is_time(value: Any, *, needed: bool) -> bool:
    if isinstance(value, str) and _TIME.fullmatch(value):
        return True
    return not needed and value in (None, "")


def _whole(request: Request, name: str, usual: int, least: int) -> int:
    text = request.args.get(name)
    if text is None:
        return usual
    if not text.isascii() or not text.isdecimal() or not least <= int(text[:9]) <= _MOST or len(text) > 9:
        raise AdminRefusal(400, f"InvalidParameter: {name}")
    return int(text)


def _filtered(skills: Sequence[Json], request: Request) -> list[Json]:
    """Those that the query asks for; an id of a medium that is none, or a flag that is none, is refused."""
    found = list(skills)
    if (medium := request.args.get("mediaTypeId")) is not None:
        if not medium.isascii() or not medium.isdecimal() or not 1 <= len(medium) <= 2 or not 1 <= int(medium) <= 20:
            raise AdminRefusal(400, "InvalidParameter: mediaTypeId")
        found = [skill for skill in found if skill["mediaTypeId"] == int(medium)]
    if (active := request.args.get("isActive")) is not None:
        if active.lower() not in ("true", "false"):
            raise AdminRefusal(400, "InvalidParameter: isActive")
        found = [skill for skill in found if skill["isActive"] is (active.lower() == "true")]
    return found
