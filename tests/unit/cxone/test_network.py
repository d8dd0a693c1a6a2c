"""The way to a tenant, as the environment says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reconciler.cxone.network import Network, network_for
from reconciler.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

CXONE = "https://api.usw2.niceincontact.com"
PROXY = "http://user:hush@proxy.example:8080"


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"])
def test_a_proxy_is_used(name: str) -> None:
    assert network_for(CXONE, {name: PROXY}).proxy == PROXY


@pytest.mark.parametrize("environ", [{}, {"HTTP_PROXY": PROXY}, {"HTTPS_PROXY": ""}, {"HTTPS_PROXY": " "}])
def test_without_a_proxy_for_https_there_is_none(environ: dict[str, str]) -> None:
    assert network_for(CXONE, environ) == Network(None, True)


@pytest.mark.parametrize(
    ("base_uri", "excluded", "direct"),
    [
        (CXONE, "api.usw2.niceincontact.com", True),
        (CXONE, "example.com, .NiceInContact.com", True),
        (CXONE, "niceincontact.com", True),
        (CXONE, "api.usw2.niceincontact.com:443", True),
        (CXONE, "api.usw2.niceincontact.com:8443", False),
        (CXONE, "contact.com", False),
        (CXONE, "*", True),
        (CXONE, " , ", False),
        ("https://10.1.2.3:8443", "10.0.0.0/8", True),
        ("https://10.1.2.3:8443", "10.1.2.3:8443", True),
        ("https://10.1.2.3:8443", "192.168.0.0/16", False),
        ("https://[fd00::1]", "fd00::/8", True),
    ],
)
@pytest.mark.parametrize("name", ["NO_PROXY", "no_proxy"])
def test_no_proxy_names_who_is_reached_directly(
    name: str, base_uri: str, excluded: str, direct: bool
) -> None:
    network = network_for(base_uri, {"HTTPS_PROXY": PROXY, name: excluded})
    assert network.proxy == (None if direct else PROXY)


@pytest.mark.parametrize("host", ["http://127.0.0.1:8080", "http://localhost", "http://[::1]:1"])
def test_this_machine_is_never_reached_through_a_proxy(host: str) -> None:
    assert network_for(host, {"HTTPS_PROXY": PROXY, "ALL_PROXY": PROXY}).proxy is None


def test_the_proxy_s_password_is_in_no_text() -> None:
    assert "hush" not in repr(network_for(CXONE, {"HTTPS_PROXY": PROXY}))


@pytest.mark.parametrize("name", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_a_ca_bundle_is_trusted(name: str, tmp_path: Path) -> None:
    assert network_for(CXONE, {name: str(tmp_path)}).verify == str(tmp_path)


def test_a_ca_bundle_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="REQUESTS_CA_BUNDLE"):
        network_for(CXONE, {"REQUESTS_CA_BUNDLE": str(tmp_path / "none.pem")})
