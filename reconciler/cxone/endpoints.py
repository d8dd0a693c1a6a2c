"""Where the endpoints of an API are, below a tenant's base URI, and how ids get into a path."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import quote

from ..errors import TenantError

_CAMPAIGNS = "/api/v2/dialer/campaigns"
DEFAULT_PATHS: Mapping[str, str] = {
    "token": "/oauth/token",
    "campaigns": _CAMPAIGNS,
    "schedules": f"{_CAMPAIGNS}/{{campaignId}}/schedules",
    "schedule": f"{_CAMPAIGNS}/{{campaignId}}/schedules/{{scheduleId}}",
    "agents": "/api/v2/wfm/schedules/active",
    "webhooks": "/api/v2/webhooks",
}
"""The endpoints by the names that `paths` in tenant.yaml uses."""

_PATH = re.compile(r"(?:/[A-Za-z0-9._~!$&'()*+,;=:@%{}-]+)+", re.ASCII)
_PLACE = re.compile(r"\{(\w*)\}", re.ASCII)
_FOLDERS = {".": "%2E", "..": "%2E%2E"}


def endpoint_paths(overrides: Mapping[str, str], usual: Mapping[str, str] = DEFAULT_PATHS) -> dict[str, str]:
    """The `usual` paths of one tenant by endpoint, or their `overrides`, with places for ids. Raises TenantError for one that is
    no path below the base URI, because a path such as `@host/` would take the credentials elsewhere."""
    return {**usual, **{name: _checked(name, path, usual) for name, path in overrides.items()}}


def with_ids(path: str, **ids: str) -> str:
    """A path with any strings in its places, each as one segment (RFC 3986, 3.3): `.` and `..` are encoded too, or they would
    mean a folder.

    A lone surrogate, which no UTF-8 has, becomes bytes that no tenant knows as an id.
    """
    segments = {
        name: _FOLDERS.get(value) or quote(value, safe="", errors="surrogatepass") for name, value in ids.items()
    }
    return _PLACE.sub(lambda match: segments[match[1]], path)


def _checked(name: str, path: str, usual: Mapping[str, str]) -> str:
    if name not in usual:
        raise TenantError(
            f"paths.{name} in tenant.yaml names no endpoint",
            hint=f"one of {', '.join(sorted(usual))}",
        )
    absolute = path if path.startswith("/") else f"/{path}"
    places = set(_PLACE.findall(usual[name]))
    dots = {".", ".."} & set(absolute.split("/"))
    if not _PATH.fullmatch(absolute) or dots or set(_PLACE.findall(absolute)) != places:
        needed = "".join(f", with {{{place}}} in it" for place in sorted(places))
        raise TenantError(
            f"paths.{name} in tenant.yaml is {path!r}, which is not a path below the base URI{needed}",
            hint=f"write it like {usual[name]}",
        )
    return absolute
