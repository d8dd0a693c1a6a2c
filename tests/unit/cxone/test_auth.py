"""Tokens: one for all threads, renewed by one of them, never with fewer scopes than needed."""

from __future__ import annotations

import base64
import contextlib
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from reconciler import cxone
from reconciler.cxone.auth import Token, Tokens
from reconciler.cxone.network import Network
from reconciler.cxone.oauth import OAuthClient
from reconciler.cxone.pace import Pace
from reconciler.cxone.redaction import Redactor
from reconciler.cxone.retry import Retry
from reconciler.cxone.transport import Transport
from reconciler.errors import (
    AnswerError,
    NotFoundError,
    RateLimitedError,
    RefusalError,
    ScopeError,
    ServerFailureError,
    UnauthorizedError,
)
from reconciler.sandbox import Fault, SandboxOptions
from reconciler.settings import RequestLimits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from reconciler.sandbox import Sandbox

SECRET = "s3cret-of-the-client"
READ_ONLY = cxone.Scopes((cxone.READ,))
WITH_WEBHOOKS = cxone.Scopes((cxone.READ,), optional=(cxone.WEBHOOKS_READ,))


class SetClock:
    """Seconds that go on when told; no wait takes any."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def now(self) -> float:
        """The seconds that were set."""
        return self.seconds

    def wait(self, stop: threading.Event, seconds: float) -> bool:
        """Over at once."""
        return stop.is_set() or seconds < 0


@pytest.fixture
def tokens() -> Iterator[Callable[..., Tokens]]:
    """The tokens of a client of a sandbox or raw server."""
    with contextlib.ExitStack() as stack:

        def made(
            server: Any,
            scopes: cxone.Scopes = READ_ONLY,
            *,
            secret: str = SECRET,
            client_id: str = "sandbox",
            clock: SetClock | None = None,
            attempts: int = 3,
        ) -> Tokens:
            stop, redactor = threading.Event(), Redactor()
            limits = RequestLimits(attempts=attempts, connect_timeout=2, read_timeout=5)
            way = Transport(server.base_uri, Network(), limits, Pace(), redactor, stop)
            stack.callback(way.close)
            client = OAuthClient(
                cxone.Credentials(client_id, secret),
                scopes,
                f"{server.base_uri}/oauth/token",
                "acme",
                "CXONE_CLIENT_ID and CXONE_CLIENT_SECRET",
                limits.max_retry_after,
            )
            retry = Retry(limits, stop, lambda low, _high: low, SetClock())
            return Tokens(client, way, retry, redactor, SetClock() if clock is None else clock)

        yield made


def asked(box: Sandbox) -> list[str]:
    """The scopes of each token request."""
    return [seen.scope for seen in box.log if seen.path == "/oauth/token"]


def together(count: int, action: Callable[[], Any]) -> list[Any]:
    """What `count` threads that start at once come to; an error is a result too."""
    barrier = threading.Barrier(count)

    def run(_: int) -> Any:
        barrier.wait(30)
        try:
            return action()
        except RefusalError as error:
            return error

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def test_asks_by_client_credentials_with_basic_authentication(
    serve: Callable[..., Any], http: Callable[..., bytes], tokens: Callable[..., Tokens]
) -> None:
    good = '{"access_token": "t0ken-1", "token_type": "bearer", "expires_in": 3600}'
    server = serve(lambda _: http(200, good))
    assert tokens(server, WITH_WEBHOOKS, client_id="ïd", secret="ß:%+ /").current().value == "t0ken-1"
    (received,) = server.received
    assert (received.method, received.path) == ("POST", "/oauth/token")
    assert received.headers["content-type"] == "application/x-www-form-urlencoded"
    assert received.body == b"grant_type=client_credentials&scope=dialer%3Acampaigns%3Aread+webhooks%3Aread"
    kind, _, value = received.headers["authorization"].partition(" ")
    assert (kind, base64.b64decode(value).decode()) == ("Basic", "ïd:ß:%+ /")


def test_sixteen_threads_get_one_token(launch: Callable[..., Sandbox], tokens: Callable[..., Tokens]) -> None:
    box = launch()
    one = tokens(box)
    assert len({token.value for token in together(16, one.current)}) == 1
    assert len(asked(box)) == 1


def test_sixteen_threads_renew_an_expired_token_once(
    launch: Callable[..., Sandbox], tokens: Callable[..., Tokens]
) -> None:
    box, clock = launch(), SetClock()
    one = tokens(box, clock=clock)
    first = one.current()
    clock.seconds += 3600
    renewed = {token.value for token in together(16, one.current)}
    assert len(renewed) == 1
    assert first.value not in renewed
    assert len(asked(box)) == 2


def test_sixteen_threads_whose_token_is_refused_renew_it_once(
    launch: Callable[..., Sandbox], tokens: Callable[..., Tokens]
) -> None:
    box = launch()
    one = tokens(box)
    first = one.current()
    assert len({token.value for token in together(16, lambda: one.renew(first))} | {first.value}) == 2
    assert len(asked(box)) == 2


@pytest.mark.parametrize(
    ("lifetime", "fresh_until"), [(3600, 3540), (120, 60), (119, 59.5), (60, 30), (1, 0.5)]
)
def test_a_token_is_renewed_a_minute_before_its_end_or_at_half_its_life(
    lifetime: int, fresh_until: float, launch: Callable[..., Sandbox], tokens: Callable[..., Tokens]
) -> None:
    box, clock = launch(options=SandboxOptions(token_lifetime=lifetime)), SetClock()
    one = tokens(box, clock=clock)
    first = one.current()
    clock.seconds += fresh_until - 0.01
    assert one.current() is first
    clock.seconds += 0.02
    assert one.current() is not first
    assert len(asked(box)) == 2


def test_a_401_to_an_older_token_leaves_the_newer_one_alone(
    launch: Callable[..., Sandbox], tokens: Callable[..., Tokens]
) -> None:
    box = launch()
    one = tokens(box)
    first = one.current()
    second = one.renew(first)
    assert one.renew(first) is second
    assert one.current() is second
    assert len(asked(box)) == 2


def test_wrong_credentials_are_told_and_sent_only_once(
    launch: Callable[..., Sandbox], tokens: Callable[..., Tokens]
) -> None:
    box = launch()
    one = tokens(box, secret="wrong-s3cret")
    errors = [*together(16, one.current), *together(2, one.current)]
    assert {type(error) for error in errors} == {UnauthorizedError}
    assert len(asked(box)) == 1
    error = errors[0]
    assert "tenant acme" in error.message
    assert "CXONE_CLIENT_ID and CXONE_CLIENT_SECRET" in error.hint
    assert error.tenant_message.startswith("invalid_client: ")
    assert error.status == 401
    assert "s3cret" not in error.message + error.hint + error.tenant_message


def test_fewer_scopes_than_needed_are_named(
    launch: Callable[..., Sandbox], tokens: Callable[..., Tokens]
) -> None:
    box = launch(options=SandboxOptions(grants=(cxone.READ,)))
    one = tokens(box, cxone.Scopes((cxone.READ, cxone.WRITE, cxone.AGENTS)))
    with pytest.raises(ScopeError) as caught:
        one.current()
    assert "dialer:schedules:write wfm:schedules:read" in caught.value.message
    assert caught.value.hint.startswith(
        "asked for dialer:campaigns:read dialer:schedules:write wfm:schedules:read; "
        "granted dialer:campaigns:read; missing dialer:schedules:write wfm:schedules:read:"
    )
    with pytest.raises(ScopeError):
        one.current()
    assert len(asked(box)) == 1


@pytest.mark.parametrize("strict", [True, False])
def test_no_scope_at_all_is_told(
    strict: bool, launch: Callable[..., Sandbox], tokens: Callable[..., Tokens]
) -> None:
    box = launch(options=SandboxOptions(grants=(cxone.WRITE,), strict_scopes=strict))
    with pytest.raises(ScopeError) as caught:
        tokens(box).current()
    assert "asked for dialer:campaigns:read; granted none; missing dialer:campaigns:read" in caught.value.hint
    assert len(asked(box)) == 1


def test_an_optional_scope_that_is_refused_is_not_asked_for_again(
    launch: Callable[..., Sandbox], tokens: Callable[..., Tokens]
) -> None:
    box = launch(options=SandboxOptions(grants=(cxone.READ,), strict_scopes=True))
    one = tokens(box, WITH_WEBHOOKS)
    token = one.current()
    assert token.granted == {cxone.READ}
    one.renew(token)
    assert asked(box) == [f"{cxone.READ} {cxone.WEBHOOKS_READ}", cxone.READ, cxone.READ]
    assert one.asked == (cxone.READ,)


def test_a_required_scope_that_is_refused_is_told_also_where_another_was_optional(
    launch: Callable[..., Sandbox], tokens: Callable[..., Tokens]
) -> None:
    box = launch(options=SandboxOptions(grants=(cxone.AGENTS,), strict_scopes=True))
    with pytest.raises(ScopeError, match="invalid_scope"):
        tokens(box, WITH_WEBHOOKS).current()
    assert len(asked(box)) == 2


def test_an_optional_scope_that_is_not_granted_is_not_there(
    launch: Callable[..., Sandbox], tokens: Callable[..., Tokens]
) -> None:
    box = launch(options=SandboxOptions(grants=(cxone.READ,)))
    assert tokens(box, WITH_WEBHOOKS).current().granted == {cxone.READ}


def test_an_answer_without_scope_means_all_that_was_asked(
    launch: Callable[..., Sandbox], tokens: Callable[..., Tokens]
) -> None:
    box = launch(options=SandboxOptions(names_scopes=False, grants=(cxone.READ,)))
    assert tokens(box, WITH_WEBHOOKS).current().granted == {cxone.READ, cxone.WEBHOOKS_READ}


@pytest.mark.parametrize("kind", ["429", "500", "503", "reset-before", "reset-after", "truncated"])
def test_the_token_request_is_repeated(
    kind: str, launch: Callable[..., Sandbox], tokens: Callable[..., Tokens]
) -> None:
    box = launch()
    retry_after = "0" if kind.isdecimal() else None
    box.faults.add(Fault(kind, method="POST", times=2, retry_after=retry_after))
    assert tokens(box).current().granted == {cxone.READ}
    assert len(asked(box)) == 3


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault("503", times=None, retry_after="0"), ServerFailureError),
        (Fault("429", times=None, retry_after="0"), RateLimitedError),
    ],
)
def test_attempts_are_bounded(
    fault: Fault,
    error: type[RefusalError],
    launch: Callable[..., Sandbox],
    tokens: Callable[..., Tokens],
) -> None:
    box = launch()
    box.faults.add(fault)
    with pytest.raises(error, match=r"tried 3 times"):
        tokens(box).current()
    assert len(asked(box)) == 3


def test_a_failure_that_may_pass_is_not_final(
    launch: Callable[..., Sandbox], tokens: Callable[..., Tokens]
) -> None:
    box = launch()
    box.faults.add(Fault("503"))
    one = tokens(box, attempts=1)
    with pytest.raises(ServerFailureError):
        one.current()
    assert isinstance(one.current(), Token)


def test_a_wait_beyond_the_limit_is_told(
    launch: Callable[..., Sandbox], tokens: Callable[..., Tokens]
) -> None:
    box = launch()
    box.faults.add(Fault("429", retry_after="3600"))
    with pytest.raises(RateLimitedError) as caught:
        tokens(box).current()
    assert "3600 s" in caught.value.hint
    assert len(asked(box)) == 1


@pytest.mark.parametrize("kind", ["html", "malformed-json", "redirect"])
def test_an_answer_that_is_none_is_not_repeated(
    kind: str, launch: Callable[..., Sandbox], tokens: Callable[..., Tokens]
) -> None:
    box = launch()
    location = "https://elsewhere.example/" if kind == "redirect" else None
    box.faults.add(Fault(kind, method="POST", status=302 if location else 200, location=location))
    with pytest.raises(AnswerError):
        tokens(box).current()
    assert len(asked(box)) == 1


@pytest.mark.parametrize("status", ["404", "410"])
def test_a_missing_token_endpoint_is_no_missing_campaign(
    status: str, launch: Callable[..., Sandbox], tokens: Callable[..., Tokens]
) -> None:
    box = launch()
    box.faults.add(Fault(status, method="POST"))
    with pytest.raises(RefusalError) as caught:
        tokens(box).current()
    assert not isinstance(caught.value, NotFoundError)
    assert "base URI" in caught.value.hint


def test_what_the_endpoint_echoes_of_the_secret_is_not_shown(
    serve: Callable[..., Any], http: Callable[..., bytes], tokens: Callable[..., Tokens]
) -> None:
    basic = base64.b64encode(f"sandbox:{SECRET}".encode()).decode()
    body = f'{{"error": "invalid_client", "error_description": "{SECRET} is wrong in Basic {basic}"}}'
    with pytest.raises(UnauthorizedError) as caught:
        tokens(serve(lambda _: http(401, body))).current()
    assert caught.value.tenant_message == "invalid_client: [hidden] is wrong in Basic [hidden]"
    assert SECRET not in caught.value.message + caught.value.hint


def test_no_text_shows_a_token() -> None:
    token = Token("t0ken-of-the-test", frozenset(), 0.0)
    assert "t0ken" not in f"{token!r} {token} {token.auth!r}"
