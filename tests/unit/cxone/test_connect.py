"""Opening a tenant: where secrets may go is checked once more, and nothing heavy is loaded before."""

from __future__ import annotations

import subprocess
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

import pytest

from reconciler import cxone
from reconciler.errors import TenantError, UnauthorizedError, UnreachableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from reconciler.cxone.dialer import DialerTenant
    from reconciler.sandbox import Sandbox
    from reconciler.settings import TenantSettings

CREDENTIALS = cxone.Credentials("id", "s3cret-of-the-client")
READ_ONLY = (cxone.READ,)


@contextmanager
def connect(settings: TenantSettings, **options: Any) -> Iterator[DialerTenant]:
    with cxone.connect(
        settings, CREDENTIALS, READ_ONLY, stop=threading.Event(), **{"environ": {}, **options}
    ) as tenant:
        yield cast("DialerTenant", tenant)


FORBIDDEN = [
    "http://api.niceincontact.com",
    "https://evil.example",
    "https://niceincontact.com.evil.example",
    "https://user:pass@api.niceincontact.com",
    "https://api.niceincontact.com/?x=1",
    "ftp://api.niceincontact.com",
    "not a url",
    "",
]


@pytest.mark.parametrize("base_uri", FORBIDDEN)
def test_a_forbidden_host_of_the_settings_gets_nothing(base_uri: str, settings: Callable[..., TenantSettings]) -> None:
    with pytest.raises(TenantError, match="tenant acme: ") as caught, connect(settings(base_uri=base_uri)):
        pass
    assert "schedules/tenant.yaml" in caught.value.hint


def test_the_environment_can_allow_a_host(settings: Callable[..., TenantSettings]) -> None:
    with connect(settings(base_uri="https://cx.example"), environ={"CXONE_ALLOWED_HOSTS": "cx.example"}) as tenant:
        assert tenant.put_request({"campaignId": "C", "id": "S"}).method == "PUT"


def test_a_path_of_the_settings_is_checked(settings: Callable[..., TenantSettings]) -> None:
    forbidden = settings(paths={"token": "//evil.example/token"})
    with pytest.raises(TenantError, match=r"paths\.token"), connect(forbidden):
        pass


def test_nothing_is_sent_before_it_is_asked(launch: Callable[..., Sandbox], reach: Callable[..., Any]) -> None:
    box = launch()
    reach(box)
    assert box.log == ()


def test_the_base_uri_may_have_a_path(
    serve: Callable[..., Any], with_token: Callable[..., Any], http: Callable[..., bytes], settings: Any
) -> None:
    server = serve(with_token(lambda _: http(200, "[]")))
    with connect(settings(base_uri=f"{server.base_uri}/eu")) as tenant:
        assert tenant.campaigns() == ()
    assert [request.path for request in server.received] == ["/eu/oauth/token", "/eu/api/v2/dialer/campaigns"]


def test_wrong_credentials_are_a_clear_sentence(
    launch: Callable[..., Sandbox], reach: Callable[..., DialerTenant]
) -> None:
    with pytest.raises(UnauthorizedError, match="client id or secret") as caught:
        reach(launch(), secret="wrong-s3cret").campaigns()
    assert "CXONE_CLIENT_SECRET" in caught.value.hint


def test_a_dead_host_is_a_clear_sentence(serve: Callable[..., Any], reach: Callable[..., DialerTenant]) -> None:
    server = serve(lambda _: b"")
    server.stop()
    with pytest.raises(UnreachableError, match=r"no connection to 127\.0\.0\.1:[0-9]+ \(Connection refused\)"):
        reach(server).campaigns()


def test_a_proxy_gets_a_tunnel_and_no_secret(
    serve: Callable[..., Any], http: Callable[..., bytes], settings: Callable[..., TenantSettings]
) -> None:
    proxy = serve(lambda _: http(502))
    environ = {"HTTPS_PROXY": proxy.base_uri.replace("http://", "http://user:hush@")}
    expected = pytest.raises(UnreachableError, match=r"the proxy does not lead to api\.niceincontact\.com")
    with connect(settings(), environ=environ, clock=_Impatient()) as tenant, expected as caught:
        tenant.campaigns()
    assert not caught.value.sent
    assert "hush" not in caught.value.message + caught.value.hint
    assert {(request.method, request.path) for request in proxy.received} == {("CONNECT", "api.niceincontact.com:443")}
    assert not any("authorization" in request.headers for request in proxy.received)


@pytest.mark.parametrize("status", [407, 403])
def test_a_proxy_that_refuses_is_named(
    status: int,
    serve: Callable[..., Any],
    http: Callable[..., bytes],
    settings: Callable[..., TenantSettings],
) -> None:
    proxy = serve(lambda _: http(status, "who are you?"))
    environ = {"HTTPS_PROXY": proxy.base_uri}
    expected = pytest.raises(TenantError, match=r"407 Proxy Authentication Required|403 Forbidden")
    with connect(settings(), environ=environ, clock=_Impatient()) as tenant, expected as caught:
        tenant.campaigns()
    # Whoever asks a proxy again and again with a wrong password is locked out.
    assert len(proxy.received) == (1 if status == 407 else 3)
    assert ("HTTPS_PROXY" in caught.value.hint) == (status == 407)


class _Impatient:
    """A clock on which every wait is over at once."""

    def now(self) -> float:
        return 0.0

    def wait(self, stop: threading.Event, _seconds: float) -> bool:
        return stop.is_set()


@pytest.mark.parametrize("trusted", [True, False])
def test_tls_is_verified_against_the_ca_bundle_of_the_environment(
    trusted: bool,
    certificate: Path,
    serve: Callable[..., Any],
    with_token: Callable[..., Any],
    http: Callable[..., bytes],
    settings: Callable[..., TenantSettings],
) -> None:
    server = serve(with_token(lambda _: http(200, "[]")), certificate=certificate)
    environ = {"REQUESTS_CA_BUNDLE": str(certificate)} if trusted else {}
    with connect(settings(base_uri=server.base_uri), environ=environ, clock=_Impatient()) as tenant:
        if trusted:
            assert tenant.campaigns() == ()
            return
        with pytest.raises(UnreachableError, match=r"certificate of 127\.0\.0\.1:.* cannot be trusted") as caught:
            tenant.campaigns()
    assert not caught.value.sent
    assert server.received == []


def test_a_command_without_a_network_loads_no_http_library() -> None:
    code = "import sys, reconciler.cxone; print([n for n in ('requests', 'urllib3', 'ssl') if n in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert found.stdout.strip() == "[]"
