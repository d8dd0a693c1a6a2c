"""The contract's eight operations as data: the operation, its method and path, and the one scope that it asks for.

Paths are matched while still percent-encoded, segment by segment, so that an id with a slash in it stays one
segment; the values are decoded afterwards.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote

from werkzeug.routing import BaseConverter, Map, Rule, ValidationError

if TYPE_CHECKING:
    from collections.abc import Mapping

SCOPES = (
    "dialer:campaigns:read",
    "dialer:campaigns:write",
    "dialer:schedules:write",
    "webhooks:read",
    "webhooks:write",
    "wfm:schedules:read",
)
"""Every scope that the contract knows, sorted."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One operation; `path` is a template with `{name}` segments, `scope` is None for the token endpoint."""

    operation: str
    method: str
    path: str
    scope: str | None


_SCHEDULES = "/api/v2/dialer/campaigns/{campaignId}/schedules"

ENDPOINTS = (
    Endpoint("issueToken", "POST", "/oauth/token", None),
    Endpoint("listCampaigns", "GET", "/api/v2/dialer/campaigns", "dialer:campaigns:read"),
    Endpoint("listSchedules", "GET", _SCHEDULES, "dialer:campaigns:read"),
    Endpoint("getSchedule", "GET", _SCHEDULES + "/{scheduleId}", "dialer:campaigns:read"),
    Endpoint("putSchedule", "PUT", _SCHEDULES + "/{scheduleId}", "dialer:schedules:write"),
    Endpoint("listActiveAgents", "GET", "/api/v2/wfm/schedules/active", "wfm:schedules:read"),
    Endpoint("listWebhooks", "GET", "/api/v2/webhooks", "webhooks:read"),
    Endpoint("createWebhook", "POST", "/api/v2/webhooks", "webhooks:write"),
)

BY_OPERATION = {endpoint.operation: endpoint for endpoint in ENDPOINTS}


class _Segment(BaseConverter):
    """One percent-encoded path segment; bytes that are not UTF-8 match nothing."""

    regex = "[^/]+"

    def to_python(self, value: str) -> str:
        try:
            return unquote(value, errors="strict")
        except UnicodeDecodeError as error:
            raise ValidationError from error


def url_map(paths: Mapping[str, str]) -> Map:
    """The routes. `paths` gives another path template for an operation (a tenant whose paths differ)."""
    return _url_map(tuple(sorted(paths.items())))


@functools.cache  # ten milliseconds to compile, and hundreds of tests start a sandbox each
def _url_map(paths: tuple[tuple[str, str], ...]) -> Map:
    other = dict(paths)
    rules = [
        Rule(
            re.sub(r"\{(\w+)\}", r"<segment:\1>", other.get(endpoint.operation, endpoint.path)),
            endpoint=endpoint.operation,
            methods=[endpoint.method],
        )
        for endpoint in ENDPOINTS
    ]
    return Map(rules, converters={"segment": _Segment}, merge_slashes=False, strict_slashes=False)
