"""Requests with a token: what is repeated, what is not, and what a 401 leads to."""

from __future__ import annotations

import logging
import threading
import traceback
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from reconciler import cxone
from reconciler.errors import (
    AnswerError,
    BadRequestError,
    NotFoundError,
    PreconditionError,
    RateLimitedError,
    RefusalError,
    ScopeError,
    ServerFailureError,
    TenantError,
    UnauthorizedError,
    UnreachableError,
)
from reconciler.sandbox import Fault, SandboxOptions

if TYPE_CHECKING:
    from collections.abc import Callable

    from reconciler.cxone.dialer import DialerTenant
    from reconciler.sandbox import Sandbox

    Body = Callable[..., dict[str, Any]]

SECRET = "s3cret-of-the-client"


def sent(box: Sandbox) -> list[tuple[str, int]]:
    """Method and status of every request, the token requests as TOKEN."""
    return [("TOKEN" if seen.path == "/oauth/token" else seen.method, seen.status) for seen in box.log]


@pytest.mark.parametrize(
    "fault",
    [
        *(Fault(status, retry_after="0", method="GET", times=2) for status in ("429", "500", "502", "503", "504")),
        *(Fault(kind, method="GET", times=2) for kind in ("429", "503", "reset-before", "reset-after", "truncated")),
        Fault("429", retry_after="Wed, 21 Oct 2015 07:28:00 GMT", method="GET", times=2),
    ],
    ids=lambda fault: f"{fault.kind}-{fault.retry_after}",
)
def test_a_read_is_repeated(
    fault: Fault, launch: Callable[..., Sandbox], reach: Callable[..., DialerTenant], body: Body
) -> None:
    box = launch()
    box.store.put("CAM_001", body())
    box.faults.add(fault)
    assert len(reach(box).schedules("CAM_001")) == 1
    assert [method for method, _ in sent(box)] == ["TOKEN", "GET", "GET", "GET"]


@pytest.mark.parametrize(
    ("kind", "error"),
    [("429", RateLimitedError), ("503", ServerFailureError), ("reset-before", UnreachableError)],
)
def test_the_attempts_of_a_read_are_bounded(
    kind: str, error: type[TenantError], launch: Callable[..., Sandbox], reach: Callable[..., DialerTenant]
) -> None:
    box = launch()
    box.faults.add(Fault(kind, method="GET", times=None))
    with pytest.raises(error, match=r"read the schedules of campaign CAM_001: .*tried 3 times") as caught:
        reach(box).schedules("CAM_001")
    assert caught.value.retryable
    assert [method for method, _ in sent(box)] == ["TOKEN", "GET", "GET", "GET"]


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault("400"), BadRequestError),
        (Fault("403"), ScopeError),
        (Fault("404"), NotFoundError),
        (Fault("418"), RefusalError),
        (Fault("html", status=200), AnswerError),
        (Fault("malformed-json"), AnswerError),
        (Fault("429", retry_after="61"), RateLimitedError),
        (Fault("503", retry_after="61"), ServerFailureError),
        (Fault("429", retry_after="9" * 400), RateLimitedError),
    ],
    ids=lambda fault: getattr(fault, "kind", None),
)
def test_what_cannot_pass_is_asked_once(
    fault: Fault,
    error: type[TenantError],
    launch: Callable[..., Sandbox],
    reach: Callable[..., DialerTenant],
) -> None:
    box = launch()
    tenant = reach(box)
    tenant.schedules("CAM_001")
    box.clear_log()
    box.faults.add(fault)
    with pytest.raises(error):
        tenant.schedules("CAM_001")
    assert [method for method, _ in sent(box)] == ["GET"]


def test_a_401_to_a_read_renews_the_token_once_and_the_request_succeeds(
    launch: Callable[..., Sandbox], reach: Callable[..., DialerTenant]
) -> None:
    box = launch()
    tenant = reach(box)
    tenant.schedules("CAM_001")
    box.clear_log()
    box.revoke_tokens()
    tenant.schedules("CAM_001")
    assert sent(box) == [("GET", 401), ("TOKEN", 200), ("GET", 200)]


def test_a_second_401_to_a_read_is_final(launch: Callable[..., Sandbox], reach: Callable[..., DialerTenant]) -> None:
    box = launch()
    tenant = reach(box)
    box.faults.add(Fault("401", method="GET", times=None))
    with pytest.raises(UnauthorizedError) as caught:
        tenant.schedules("CAM_001")
    assert caught.value.hint
    assert not caught.value.renewed
    assert sent(box) == [("TOKEN", 200), ("GET", 401), ("TOKEN", 200), ("GET", 401)]


def test_a_401_to_a_write_renews_the_token_and_leaves_the_rest_to_whoever_writes(
    launch: Callable[..., Sandbox], reach: Callable[..., DialerTenant], body: Body
) -> None:
    box = launch()
    tenant = reach(box)
    tenant.authorize()
    box.revoke_tokens()
    with pytest.raises(UnauthorizedError) as caught:
        tenant.put(tenant.put_request(body()), None)
    assert caught.value.renewed
    assert sent(box)[1:] == [("PUT", 401), ("TOKEN", 200)]
    assert tenant.put(tenant.put_request(body()), None).status == 201


def test_a_write_whose_token_cannot_be_renewed_was_sent_once(
    launch: Callable[..., Sandbox], reach: Callable[..., DialerTenant], body: Body
) -> None:
    box = launch()
    tenant = reach(box)
    tenant.authorize()
    box.revoke_tokens()
    box.faults.add(Fault("503", method="POST", times=None))
    with pytest.raises(UnreachableError) as caught:
        tenant.put(tenant.put_request(body()), None)
    assert not caught.value.sent
    assert [method for method, _ in sent(box)].count("PUT") == 1


def test_a_token_that_ends_in_the_middle_of_a_run_does_no_harm(
    launch: Callable[..., Sandbox], reach: Callable[..., DialerTenant], body: Body
) -> None:
    box = launch()
    tenant = reach(box)
    box.faults.add(Fault("expire-token", method="PUT", nth=20))
    bodies = [body(f"S{number}") for number in range(60)]

    def write(one: dict[str, Any]) -> int:
        try:
            return tenant.put(tenant.put_request(one), None).status
        except UnauthorizedError:
            return tenant.put(tenant.put_request(one), None).status

    with ThreadPoolExecutor(16) as pool:
        assert set(pool.map(write, bodies)) == {201}
    assert len(box.store.schedules("CAM_001")) == 60
    assert sum(method == "TOKEN" for method, _ in sent(box)) == 2


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("400", BadRequestError),
        ("403", ScopeError),
        ("404", NotFoundError),
        ("409", PreconditionError),
        ("412", PreconditionError),
        ("429", RateLimitedError),
        ("500", ServerFailureError),
        ("503", ServerFailureError),
        ("reset-before", UnreachableError),
        ("reset-after", UnreachableError),
        ("truncated", UnreachableError),
        ("html", ServerFailureError),
        ("malformed-json", AnswerError),
        ("drop", None),
        ("echo-old", AnswerError),
    ],
)
def test_a_write_is_one_attempt(
    kind: str,
    error: type[TenantError] | None,
    launch: Callable[..., Sandbox],
    reach: Callable[..., DialerTenant],
    body: Body,
) -> None:
    box = launch()
    tenant = reach(box)
    box.faults.add(Fault(kind, method="PUT"))
    if error is None:
        tenant.put(tenant.put_request(body()), None)
    else:
        with pytest.raises(error) as caught:
            tenant.put(tenant.put_request(body()), None)
        assert caught.value.message.startswith(("could not write schedule S1", "schedule", "a schedule"))
    assert [method for method, _ in sent(box)] == ["TOKEN", "PUT"]


@pytest.mark.parametrize(
    ("fault", "sent_out"),
    [(Fault("reset-after", method="PUT"), True), (Fault("503", method="POST", times=None), False)],
    ids=["lost", "no-token"],
)
def test_an_error_says_whether_the_write_may_have_arrived(
    fault: Fault,
    sent_out: bool,
    launch: Callable[..., Sandbox],
    reach: Callable[..., DialerTenant],
    body: Body,
) -> None:
    box = launch()
    box.faults.add(fault)
    tenant = reach(box)
    with pytest.raises(UnreachableError) as caught:
        tenant.put(tenant.put_request(body()), None)
    assert caught.value.sent is sent_out
    assert len(box.store.schedules("CAM_001")) == int(sent_out)


def test_pause_waits_between_the_attempts_of_a_write(
    launch: Callable[..., Sandbox], reach: Callable[..., DialerTenant]
) -> None:
    stop = threading.Event()
    tenant = reach(launch(), stop=stop)
    lost = UnreachableError("lost")
    assert [tenant.pause(number, lost) for number in (1, 2, 3)] == [True, True, False]
    assert tenant.pause(1, AnswerError("a page"))
    assert not tenant.pause(1, RateLimitedError("busy", status=429, retry_after=61))
    stop.set()
    assert not tenant.pause(1, lost)


def test_a_stopped_run_starts_no_write_repeats_no_read_and_still_reads(
    launch: Callable[..., Sandbox], reach: Callable[..., DialerTenant], body: Body
) -> None:
    box, stop = launch(), threading.Event()
    tenant = reach(box, stop=stop)
    stop.set()
    assert tenant.schedules("CAM_001") == ()
    with pytest.raises(UnreachableError) as caught:
        tenant.put(tenant.put_request(body()), None)
    assert not caught.value.sent
    box.faults.add(Fault("503", method="GET"))
    with pytest.raises(ServerFailureError):
        tenant.schedules("CAM_001")
    assert sent(box) == [("TOKEN", 200), ("GET", 200), ("GET", 503)]


@pytest.mark.parametrize("method", ["GET", "PUT", "POST"])
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed_and_the_other_place_hears_nothing(
    status: int,
    method: str,
    launch: Callable[..., Sandbox],
    reach: Callable[..., DialerTenant],
    body: Body,
) -> None:
    box, other = launch(), launch()
    location = f"{other.base_uri}/api/v2/dialer/campaigns/CAM_001/schedules?secret=1"
    box.faults.add(Fault("redirect", method=method, status=status, location=location))
    tenant = reach(box)
    with pytest.raises((AnswerError, UnreachableError), match=r"redirect|token") as caught:
        tenant.schedules("CAM_001") if method == "GET" else tenant.put(tenant.put_request(body()), None)
    assert "secret" not in caught.value.message
    assert other.log == ()
    if method != "POST":
        assert isinstance(caught.value, AnswerError)
        assert caught.value.status == status


def test_netrc_does_not_replace_the_token(
    launch: Callable[..., Sandbox],
    reach: Callable[..., DialerTenant],
    tmp_path: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login other password other\ndefault login x password y\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    box = launch()
    reach(box).schedules("CAM_001")
    assert sent(box) == [("TOKEN", 200), ("GET", 200)]


def test_a_limit_on_the_rate_makes_no_write_fail(
    launch: Callable[..., Sandbox], reach: Callable[..., DialerTenant], body: Body
) -> None:
    box = launch(options=SandboxOptions(rate_limit=200))
    tenant = reach(box, clock=cxone.SYSTEM, limits={"attempts": 5})

    def write(number: int) -> int:
        for attempt in range(1, 6):
            try:
                return tenant.put(tenant.put_request(body(f"S{number}")), None).status
            except RateLimitedError as error:
                if not tenant.pause(attempt, error):
                    raise
        return 0

    with ThreadPoolExecutor(16) as pool:
        assert set(pool.map(write, range(350))) == {201}
    assert sum(status == 429 for _, status in sent(box)) <= 40


@pytest.mark.parametrize(
    "fault",
    [
        Fault("reset-before", method="GET", times=None),
        Fault("truncated", method="GET", times=None),
        Fault("html", method="GET", status=200),
        Fault("403", method="GET"),
        Fault("401", method="GET", times=None),
        Fault("401", method="POST", times=None),
        Fault("link", method="GET", location="http://elsewhere.example/"),
    ],
    ids=lambda fault: f"{fault.method}-{fault.kind}",
)
def test_no_error_log_or_traceback_holds_a_secret(
    fault: Fault,
    launch: Callable[..., Sandbox],
    reach: Callable[..., DialerTenant],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    box = launch()
    tenant = reach(box)
    token = tenant._tokens.current().value
    if fault.method == "POST":
        box.revoke_tokens()
    box.faults.add(fault)
    with pytest.raises(TenantError) as caught:
        tenant.schedules("CAM_001")
    texts = [caplog.text, repr(tenant)]
    error: BaseException | None = caught.value
    while error is not None:
        texts += [repr(vars(error)), *traceback.format_exception(error)]
        assert not hasattr(error, "request")
        error = error.__context__
    assert not any(secret in text for text in texts for secret in (token, SECRET, "Basic ", "Bearer "))
