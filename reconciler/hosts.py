"""Where secrets may be sent: the one rule that a pull request cannot change.

A `tenant.yaml` names its own base URI, so the hosts that may receive credentials are fixed here and can be widened by
the environment alone, which belongs to whoever runs the command.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from urllib.parse import urlsplit

ALLOWED_HOSTS_ENV = "CXONE_ALLOWED_HOSTS"
_NAME = re.compile(r"[a-z0-9.-]+")
_DOMAINS = ("niceincontact.com", "nice-incontact.com", "incontact.com")


def allowed_hosts(environ: Mapping[str, str]) -> frozenset[str]:
    """The hosts named in `CXONE_ALLOWED_HOSTS`, separated by commas or blanks, in lower case."""
    return frozenset(environ.get(ALLOWED_HOSTS_ENV, "").replace(",", " ").lower().split())


def fault_of(base_uri: str, allowed: frozenset[str]) -> str | None:
    """What is wrong with a base URI as a place to send credentials to, as one sentence; None if nothing is.

    The base URI itself is never quoted: it may hold a password, or a token, wherever a typo has put it.
    """
    try:
        parts = urlsplit(base_uri)
        host, _ = (parts.hostname or "").lower().rstrip("."), parts.port
    except ValueError:
        return "this is not a URL; write the tenant's base URI, such as https://api.usw2.niceincontact.com"
    if parts.scheme not in ("https", "http") or not host:
        return "this is not an https URL; write the tenant's base URI, such as https://api.usw2.niceincontact.com"
    if parts.username is not None or parts.password is not None:
        return "the base URI holds a user or password; credentials come from environment variables only"
    if parts.query or parts.fragment:
        return "the base URI holds a query or a fragment; write scheme, host and path only"
    if is_loopback(host):
        return None
    if parts.scheme != "https":
        return "this is plain http, which would send the credentials in clear; use https"
    if host in allowed or (
        # Other readers of URLs end a host at a backslash: a name that is not spelled like one is nobody's.
        _NAME.fullmatch(host) and any(host == domain or host.endswith("." + domain) for domain in _DOMAINS)
    ):
        return None
    return (
        f"the host {host!r} is not a CXone host, so no credentials are sent there; if it is right, whoever runs the "
        f"command names it in the environment variable {ALLOWED_HOSTS_ENV}"
    )


def host_of(uri: str) -> str:
    """The host of a URI in lower case, empty where it has none."""
    try:
        return (urlsplit(uri).hostname or "").lower().rstrip(".")
    except ValueError:
        return ""


def is_loopback(host: str) -> bool:
    """Whether a host name or address means this very machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
