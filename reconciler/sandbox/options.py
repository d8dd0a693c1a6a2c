"""What the sandbox offers, and how it behaves, so that people can rehearse what a real tenant does on a bad day.

The contract's eight operations are data: the operation, its method and path, and the one scope that it asks for. Paths are
matched while still percent-encoded, segment by segment, so that an id with a slash in it stays one segment; the values are
decoded afterwards.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import unquote

from werkzeug.routing import BaseConverter, Map, Rule, ValidationError

from ..hosts import is_loopback

SCOPES = (
    "dialer:campaigns:read",
    "dialer:campaigns:write",
    "dialer:schedules:write",
    "webhooks:read",
    "webhooks:write",
    "wfm:schedules:read",
)
"""Every scope that the contract knows, sorted."""

_SCHEDULES = "/api/v2/dialer/campaigns/{campaignId}/schedules"


class Endpoint(NamedTuple):
    """One operation; `path` is a template with `{name}` segments, `scope` is None for the token endpoint."""

    operation: str
    method: str
    path: str
    scope: str | None


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
    return _url_map(tuple(paths.get(endpoint.operation, endpoint.path) for endpoint in ENDPOINTS))


@functools.cache  # ten milliseconds to compile, and hundreds of tests start a sandbox each
def _url_map(templates: tuple[str, ...]) -> Map:
    rules = [
        Rule(re.sub(r"\{(\w+)\}", r"<segment:\1>", template), endpoint=endpoint.operation, methods=[endpoint.method])
        for endpoint, template in zip(ENDPOINTS, templates, strict=True)
    ]
    return Map(rules, converters={"segment": _Segment}, merge_slashes=False, strict_slashes=False)


@dataclass(frozen=True, slots=True)
class SandboxOptions:
    """Options of one sandbox; a value that makes no sense raises ValueError.

    `latency`: seconds added to each answer. `rate_limit`: requests a second that the tenant allows, with a burst of
    as many; beyond it 429 with `Retry-After`. `failure_rate`: share of requests, 0 to 1, answered with 503 before
    anything is done, drawn from a generator seeded with `seed`. `token_lifetime`: seconds. `grants`: scopes that it
    is willing to grant, None for all; `strict_scopes` refuses a request for any other scope as `invalid_scope`
    instead of granting fewer. `names_scopes`: whether a token answer says which scopes it carries. `max_body`: bytes.
    `etags`: whether writes can be conditional, by `If-Match` and `If-None-Match`. `paths`: operation → another path
    template, for a tenant whose paths differ.
    """

    host: str = "127.0.0.1"
    port: int = 0
    latency: float = 0.0
    rate_limit: float | None = None
    failure_rate: float = 0.0
    seed: int = 0
    etags: bool = True
    page_size: int = 100
    token_lifetime: int = 3600
    grants: tuple[str, ...] | None = None
    strict_scopes: bool = False
    names_scopes: bool = True
    max_body: int = 1_000_000
    paths: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        checks = (
            (is_loopback(self.host), f"host must be a loopback address, not {self.host!r}"),
            (0 <= self.port <= 65535, f"port must be between 0 and 65535, not {self.port}"),
            (0 <= self.latency <= 3600, f"latency must be between 0 and 3600 seconds, not {self.latency}"),
            (self.rate_limit is None or self.rate_limit > 0, "rate limit must be above 0 requests a second"),
            (0 <= self.failure_rate <= 1, f"failure rate must be between 0 and 1, not {self.failure_rate}"),
            (self.page_size >= 1, f"page size must be at least 1, not {self.page_size}"),
            (
                self.token_lifetime >= 1,
                f"token lifetime must be at least 1 second, not {self.token_lifetime}",
            ),
            (self.max_body >= 1, f"body limit must be at least 1 byte, not {self.max_body}"),
            (set(self.grants or ()) <= set(SCOPES), f"the scopes to grant must be among {', '.join(SCOPES)}"),
            (
                set(self.paths) <= set(BY_OPERATION),
                f"paths must be named by one of {', '.join(BY_OPERATION)}",
            ),
        )
        for holds, message in checks:
            if not holds:
                raise ValueError(message)

    @property
    def granted(self) -> frozenset[str]:
        """The scopes that a token may carry."""
        return frozenset(SCOPES if self.grants is None else self.grants)
