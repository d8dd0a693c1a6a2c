"""Credentials from the environment, tokens from the endpoint, and what its refusals mean."""

from __future__ import annotations

import base64
import contextlib
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler import cxone
from reconciler.cxone import Credentials, credentials_from
from reconciler.cxone.answers import Answer, Call, Redactor
from reconciler.cxone.auth import (
    Token,
    Tokens,
    in_base64,
    read_token,
    refuses_scopes,
    token_refused,
)
from reconciler.cxone.transport import Transport
from reconciler.cxone.waiting import Retry
from reconciler.errors import (
    AnswerError,
    BadRequestError,
    NotFoundError,
    RateLimitedError,
    RefusalError,
    ScopeError,
    ServerFailureError,
    TenantError,
    UnauthorizedError,
    UsageError,
)
from reconciler.findings import Location
from reconciler.sandbox import Fault, SandboxOptions
from reconciler.settings import RequestLimits, TenantSettings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from reconciler.sandbox import Sandbox


def test_reads_the_named_variables_and_nothing_else(settings: Callable[..., TenantSettings]) -> None:
    environ = {"CXONE_A": "id", "CXONE_B": "secret", "CXONE_CLIENT_ID": "no", "CXONE_CLIENT_SECRET": "no"}
    tenant = settings(client_id_env="CXONE_A", client_secret_env="CXONE_B")
    assert credentials_from(tenant, environ) == Credentials("id", "secret")


def test_takes_blanks_and_line_ends_off(settings: Callable[..., TenantSettings]) -> None:
    environ = {"CXONE_CLIENT_ID": " id\n", "CXONE_CLIENT_SECRET": "secret\r\n"}
    assert credentials_from(settings(), environ) == Credentials("id", "secret")


@pytest.mark.parametrize(
    ("value", "doubt"),
    [
        ("s3cret", ""),
        ("$3cret%and<more>", ""),
        ("s3cret\n", "has a blank or a line end around it, which was left out"),
        ("s3cret\\n", "ends with a backslash and a letter, where a line end may be meant"),
        ('"s3cret"', "is in quotation marks"),
        ("s3c\nret", "has a blank or a line end inside"),
        ("Basic s3cret", "has a blank or a line end inside"),
        ("s3cret\u200b", "has an invisible or a special character"),
        ("\ufeffs3cret", "has an invisible or a special character"),
        ("${{ secrets.CXONE }}", "looks like a placeholder that was not filled in"),
        ("$CXONE", "looks like a placeholder that was not filled in"),
    ],
)
def test_what_is_strange_about_a_variable_is_said_without_its_value(
    value: str, doubt: str, settings: Callable[..., TenantSettings]
) -> None:
    credentials = credentials_from(settings(), {"CXONE_CLIENT_ID": "id", "CXONE_CLIENT_SECRET": value})
    assert credentials.doubts == ((f"CXONE_CLIENT_SECRET {doubt}",) if doubt else ())


@pytest.mark.parametrize(
    ("environ", "named", "unnamed"),
    [
        ({}, ["CXONE_CLIENT_ID and CXONE_CLIENT_SECRET are not set"], []),
        ({"CXONE_CLIENT_ID": "id"}, ["CXONE_CLIENT_SECRET is not set"], ["CXONE_CLIENT_ID"]),
        ({"CXONE_CLIENT_SECRET": "hush"}, ["CXONE_CLIENT_ID is not set"], ["CXONE_CLIENT_SECRET", "hush"]),
        ({"CXONE_CLIENT_ID": " ", "CXONE_CLIENT_SECRET": "\n"}, ["CXONE_CLIENT_ID and"], []),
    ],
)
def test_names_tenant_and_variables_that_are_missing(
    environ: dict[str, str], named: list[str], unnamed: list[str], settings: Callable[..., TenantSettings]
) -> None:
    with pytest.raises(TenantError) as caught:
        credentials_from(settings(), environ)
    assert all(text in caught.value.message for text in ["tenant acme", *named])
    assert not any(text in caught.value.message for text in unnamed)
    assert "schedules/tenant.yaml" in caught.value.hint
    assert "--sandbox" in caught.value.hint


def test_refuses_a_client_id_that_the_basic_scheme_cannot_carry(
    settings: Callable[..., TenantSettings],
) -> None:
    with pytest.raises(UsageError, match="colon") as caught:
        credentials_from(settings(), {"CXONE_CLIENT_ID": "id:hush", "CXONE_CLIENT_SECRET": "hush"})
    assert "hush" not in str(caught.value) + caught.value.hint


def test_secret_is_in_no_text() -> None:
    assert "hush" not in f"{Credentials('id', 'hush')!r} {Credentials('id', 'hush')}"


CALL = Call("POST", "https://api.niceincontact.com/oauth/token", "get an access token for tenant acme")
GOOD = {"access_token": "t0ken-of-the-test", "token_type": "Bearer", "expires_in": 3600}


def read(body: Any) -> Token | AnswerError:
    """What is read of an answer to a request for `x:y`, made 1000 seconds after the clock began."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return read_token(Answer(200, {}, data, Redactor()), CALL, ("x:y",), 1000.0)


@pytest.mark.parametrize(
    ("changes", "granted", "renew_at"),
    [
        ({}, {"x:y"}, 4540),
        ({"scope": None}, {"x:y"}, 4540),
        ({"scope": " a:read  b:write "}, {"a:read", "b:write"}, 4540),
        ({"scope": ""}, set(), 4540),
        ({"token_type": "bearer", "expires_in": 0.5, "more": 1}, {"x:y"}, 1000.25),
        ({"expires_in": 10**200}, {"x:y"}, 1000 + 366 * 86400 - 60),
    ],
)
def test_reads_a_token(changes: dict[str, Any], granted: set[str], renew_at: float) -> None:
    assert read(GOOD | changes) == Token("t0ken-of-the-test", frozenset(granted), renew_at)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>t0ken-of-the-test</html>",
        b'{"access_token": "t0ken-of-the-test", "expi',
        b'["t0ken-of-the-test"]',
        *(
            {name: value for name, value in (GOOD | changes).items() if value != "absent"}
            for changes in (
                {"access_token": "absent"},
                {"access_token": 5},
                {"access_token": ""},
                {"access_token": "t0ken with blanks"},
                {"access_token": "t0ken\r\nX-Evil: 1"},
                {"access_token": "t0kén"},
                {"token_type": "absent"},
                {"token_type": "mac"},
                {"token_type": ["Bearer"]},
                {"expires_in": "absent"},
                {"expires_in": "3600"},
                {"expires_in": True},
                {"expires_in": 0},
                {"expires_in": -1},
                {"scope": ["dialer:campaigns:read"]},
                {"scope": 5},
            )
        ),
    ],
)
def test_nonsense_is_an_answer_error_that_quotes_nothing(body: Any) -> None:
    error = read(body)
    assert isinstance(error, AnswerError)
    assert error.message.startswith("could not get an access token for tenant acme: ")
    assert "t0k" not in error.message + error.hint
    assert error.status == 200


def test_the_token_is_in_no_text() -> None:
    assert "t0ken" not in repr(read(GOOD))


ACME = TenantSettings(
    name="acme",
    base_uri="https://api.niceincontact.com",
    location=Location("tenant.yaml", 1),
    folder="",
    client_id_env="CXONE_A",
    client_secret_env="CXONE_B",
)


def error_for(status: int, body: Any, **headers: str) -> TenantError:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    answer = Answer(status, {name.replace("_", "-"): value for name, value in headers.items()}, data, Redactor())
    return token_refused(answer, CALL, (cxone.READ, cxone.WRITE), ACME, ())


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (401, {"error": "invalid_client"}, UnauthorizedError),
        (401, b"", UnauthorizedError),
        (400, {"error": "invalid_client"}, UnauthorizedError),
        (400, {"error": "unauthorized_client"}, UnauthorizedError),
        (400, {"error": "invalid_scope"}, ScopeError),
        (401, {"error": "invalid_scope"}, ScopeError),
        (400, {"error": "unsupported_grant_type"}, BadRequestError),
        (400, {"error": ["invalid_client"]}, BadRequestError),
        (403, {}, ScopeError),
        (404, b"<html>", RefusalError),
        (410, {}, RefusalError),
        (405, [], RefusalError),
        (429, {}, RateLimitedError),
        (503, b"", ServerFailureError),
        (302, b"", AnswerError),
        (204, b"", AnswerError),
    ],
)
def test_the_kind_of_error(status: int, body: Any, kind: type[TenantError]) -> None:
    error = error_for(status, body)
    assert type(error) is kind
    assert error.message.startswith("could not get an access token for tenant acme: ")
    assert error.hint


def test_the_tenant_s_words_are_code_and_description() -> None:
    error = error_for(401, {"error": "invalid_client", "error_description": "no such client"})
    assert isinstance(error, RefusalError)
    assert error.tenant_message == "invalid_client: no such client"
    assert "(invalid_client: no such client)" in error.message
    assert "CXONE_A and CXONE_B" in error.hint


def test_words_that_are_not_of_the_rfc_are_kept() -> None:
    error = error_for(503, {"message": "down for maintenance"})
    assert isinstance(error, RefusalError)
    assert error.tenant_message == "down for maintenance"


def test_refused_scopes_are_listed() -> None:
    hint = error_for(400, {"error": "invalid_scope"}).hint
    asked = f"{cxone.READ} {cxone.WRITE}"
    assert hint.startswith(f"asked for {asked}; granted none; missing {asked}:")


def test_a_longer_wait_than_allowed_is_told() -> None:
    assert "3600 s" in error_for(429, {}, Retry_After="3600").hint


@pytest.mark.parametrize(
    ("body", "refuses"), [(b'{"error": "invalid_scope"}', True), (b'{"error": "x"}', False), (b"[1]", False)]
)
def test_whether_the_scopes_are_refused(body: bytes, refuses: bool) -> None:
    assert refuses_scopes(Answer(400, {}, body, Redactor())) is refuses


SECRET = "s3cret-of-the-client"
READ_ONLY = (cxone.READ,)
WITH_WEBHOOKS = (cxone.READ, cxone.WEBHOOKS_READ)


class SetClock(cxone.Clock):
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
            scopes: tuple[str, ...] = READ_ONLY,
            *,
            secret: str = SECRET,
            client_id: str = "sandbox",
            clock: SetClock | None = None,
            attempts: int = 3,
        ) -> Tokens:
            stop = threading.Event()
            limits = RequestLimits(attempts=attempts, connect_timeout=2, read_timeout=5)
            way = Transport(server.base_uri, limits, stop, clock=SetClock() if clock is None else clock)
            stack.callback(way.close)
            settings = ACME._replace(
                requests=limits, client_id_env="CXONE_CLIENT_ID", client_secret_env="CXONE_CLIENT_SECRET"
            )
            retry = Retry(limits, stop, lambda low, _high: low, SetClock())
            credentials, url = cxone.Credentials(client_id, secret), f"{server.base_uri}/oauth/token"
            return Tokens(settings, credentials, scopes, url, way, retry)

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
    assert len({token.value for token in together(16, lambda: one.current(first))} | {first.value}) == 2
    assert len(asked(box)) == 2


@pytest.mark.parametrize(("lifetime", "fresh_until"), [(3600, 3540), (120, 60), (119, 59.5), (60, 30), (1, 0.5)])
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
    second = one.current(first)
    assert one.current(first) is second
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


def test_fewer_scopes_than_needed_are_named(launch: Callable[..., Sandbox], tokens: Callable[..., Tokens]) -> None:
    box = launch(options=SandboxOptions(grants=(cxone.READ,)))
    one = tokens(box, (cxone.READ, cxone.WRITE, cxone.AGENTS))
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
def test_no_scope_at_all_is_told(strict: bool, launch: Callable[..., Sandbox], tokens: Callable[..., Tokens]) -> None:
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
    one.current(token)
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


def test_a_failure_that_may_pass_is_not_final(launch: Callable[..., Sandbox], tokens: Callable[..., Tokens]) -> None:
    box = launch()
    box.faults.add(Fault("503"))
    one = tokens(box, attempts=1)
    with pytest.raises(ServerFailureError):
        one.current()
    assert isinstance(one.current(), Token)


def test_a_wait_beyond_the_limit_is_told(launch: Callable[..., Sandbox], tokens: Callable[..., Tokens]) -> None:
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
    alone = base64.b64encode(SECRET.encode()).decode()
    body = f'{{"error": "invalid_client", "error_description": "{SECRET} is wrong in Basic {basic}, {alone}"}}'
    with pytest.raises(UnauthorizedError) as caught:
        tokens(serve(lambda _: http(401, body))).current()
    assert caught.value.tenant_message == "invalid_client: [hidden] is wrong in Basic [hidden], [hidden]"
    assert SECRET not in caught.value.message + caught.value.hint


@given(
    st.binary(max_size=9),
    st.binary(min_size=6, max_size=40),
    st.binary(max_size=9),
    st.sampled_from([b"+/", b"-_"]),
)
def test_a_secret_is_hidden_wherever_it_stands_in_base64(
    before: bytes, secret: bytes, after: bytes, last: bytes
) -> None:
    redactor = Redactor()
    redactor.hide(*in_base64(secret))
    shown = redactor.clean(base64.b64encode(before + secret + after, last).decode()).rstrip("=")
    assert "[hidden]" in shown
    around = 4 * (len(before) + len(after)) / 3 + 2  # characters; two may hold some bits of the secret as well
    assert len(shown.replace("[hidden]", "")) <= around


def test_no_text_shows_a_token() -> None:
    token = Token("t0ken-of-the-test", frozenset(), 0.0)
    assert "t0ken" not in f"{token!r} {token}"
