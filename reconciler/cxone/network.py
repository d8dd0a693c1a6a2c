"""What the environment says about the way to a tenant, read once: proxy and trusted certificates.

The HTTP library would look it up again for each request, and would take `.netrc` along, whose password for a host
then replaces the token.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from ..errors import UsageError
from ..hosts import is_loopback

_PROXY = ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy")
_NO_PROXY = ("NO_PROXY", "no_proxy")
_BUNDLE = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


@dataclass(frozen=True, slots=True)
class Network:
    """`proxy` may hold a password. `verify` is a CA bundle (file or folder), or True for the usual ones."""

    proxy: str | None = field(default=None, repr=False)
    verify: str | bool = True


def network_for(base_uri: str, environ: Mapping[str, str]) -> Network:
    """The way to `base_uri`. UsageError where the CA bundle is not there.

    This very machine is never reached through a proxy: it is the only host that may be spoken to without TLS.
    """
    host = (urlsplit(base_uri).hostname or "").rstrip(".")
    name, bundle = _first(environ, _BUNDLE)
    if bundle and not Path(bundle).exists():
        raise UsageError(
            f"{name} names {bundle!r} as the trusted certificates, and there is no such file or folder",
            hint=f"correct {name}, or unset it to trust the usual certificate authorities",
        )
    _, proxy = _first(environ, _PROXY)
    _, excluded = _first(environ, _NO_PROXY)
    if is_loopback(host) or _is_excluded(host, urlsplit(base_uri).port, excluded):
        proxy = ""
    return Network(proxy or None, bundle or True)


def _first(environ: Mapping[str, str], names: tuple[str, ...]) -> tuple[str, str]:
    return next(((name, environ[name].strip()) for name in names if environ.get(name, "").strip()), ("", ""))


def _is_excluded(host: str, port: int | None, excluded: str) -> bool:
    """Whether `NO_PROXY` names the host: itself, a domain above it, `host:port`, an address range, or `*`."""
    for entry in (each.strip().lower().lstrip(".") for each in excluded.split(",")):
        if entry in ("*", host, f"{host}:{port or 443}") or (entry and host.endswith(f".{entry}")):
            return True
        try:
            if ipaddress.ip_address(host) in ipaddress.ip_network(entry, strict=False):
                return True
        except ValueError:
            continue  # a name, or no range
    return False
