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


class Paths:
    """The paths of one tenant, below its `base_uri`."""

    def __init__(self, base_uri: str, overrides: Mapping[str, str], usual: Mapping[str, str] = DEFAULT_PATHS) -> None:
        """`overrides` of the `usual` paths by endpoint. Raises TenantError for one that is no path below the base URI, because a path such
        as `@host/` would take the credentials elsewhere."""
        self.base_uri = base_uri
        self._templates = {
            **usual,
            **{name: _checked(name, path, usual) for name, path in overrides.items()},
        }

    def path(self, endpoint: str, **ids: str) -> str:
        """The path of an endpoint below the base URI, each id as one segment."""
        return _PLACE.sub(lambda match: segment(ids[match[1]]), self._templates[endpoint])

    def url(self, endpoint: str, **ids: str) -> str:
        """The whole URL of an endpoint."""
        return self.base_uri + self.path(endpoint, **ids)


def segment(value: str) -> str:
    """Any string as one path segment (RFC 3986, 3.3): `.` and `..` are encoded too, or they would mean a folder.

    A lone surrogate, which no UTF-8 has, becomes bytes that no tenant knows as an id.
    """
    encoded = quote(value, safe="", errors="surrogatepass")
    return encoded.replace(".", "%2E") if encoded in (".", "..") else encoded


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
