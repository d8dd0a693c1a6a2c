"""How long and how often: bounded, jittered, at the tenant's word."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from reconciler.cxone.retry import LONGEST_ASKED, Retry, retry_after_seconds
from reconciler.errors import (
    AlwaysLimitedError,
    AnswerError,
    BadRequestError,
    NotFoundError,
    RateLimitedError,
    ServerFailureError,
    TenantError,
    UnreachableError,
)
from reconciler.settings import RequestLimits
from tests.unit.cxone.conftest import QuickClock


def patience(
    attempts: int = 5, stop: threading.Event | None = None, *, longest: bool = False
) -> tuple[Retry, RequestLimits]:
    """A Retry whose dice always fall on the lowest (or the highest) number."""
    limits = RequestLimits(attempts=attempts, max_retry_after=60)
    return Retry(limits, stop or threading.Event(), lambda low, high: high if longest else low), limits


def busy(retry_after: float | None = None) -> RateLimitedError:
    return RateLimitedError("busy", status=429, retry_after=retry_after)


def test_waits_grow_twofold_up_to_a_bound_and_anywhere_below() -> None:
    retry, _ = patience(longest=True)
    assert [retry.delay(n, UnreachableError("x")) for n in range(1, 8)] == [0.5, 1, 2, 4, 8, 16, 20]
    assert retry.delay(10_000, UnreachableError("x")) == 20
    assert patience()[0].delay(5, UnreachableError("x")) == 0


def test_the_tenant_s_word_is_the_least_to_wait() -> None:
    assert patience()[0].delay(1, busy(30.0)) == 30
    assert patience(longest=True)[0].delay(1, busy(30.0)) == 33
    assert patience(longest=True)[0].delay(4, busy(0.0)) == 0
    assert patience()[0].delay(1, ServerFailureError("x", status=503, retry_after=7.0)) == 7


def test_a_wait_beyond_the_limit_is_not_waited() -> None:
    retry, _ = patience()
    assert retry.delay(1, busy(60.0)) == 60
    assert retry.delay(1, busy(60.1)) is None
    assert not retry.pause(1, busy(3600.0))


def test_attempts_are_bounded() -> None:
    retry, _ = patience(attempts=3)
    assert [retry.pause(n, busy(0.0)) for n in (1, 2, 3, 4)] == [True, True, False, False]


def test_a_stopped_run_waits_for_nothing() -> None:
    stop = threading.Event()
    stop.set()
    assert not patience(stop=stop, longest=True)[0].pause(1, busy(50.0))


def test_a_stop_ends_a_wait_that_has_begun() -> None:
    stop = threading.Event()
    retry, _ = patience(stop=stop)
    ended: list[bool] = []
    waiting = threading.Thread(target=lambda: ended.append(retry.pause(1, busy(60.0))))
    waiting.start()
    stop.set()
    waiting.join(30)
    assert ended == [False]


@pytest.mark.parametrize(
    "error", [busy(0.0), ServerFailureError("down", status=503, retry_after=0.0), UnreachableError("lost")]
)
def test_what_may_pass_is_repeated(error: TenantError) -> None:
    outcomes: list[TenantError | str] = [error, error, "done", "never"]
    assert patience()[0].run(lambda: outcomes.pop(0)) == "done"
    assert outcomes == ["never"]


@pytest.mark.parametrize(
    "error",
    [BadRequestError("no", status=400), NotFoundError("none", status=404), AnswerError("a page")],
)
def test_what_cannot_pass_is_not_repeated(error: TenantError) -> None:
    outcomes = [error, error]
    with pytest.raises(type(error)) as caught:
        patience()[0].run(lambda: outcomes.pop(0))
    assert (caught.value.message, len(outcomes)) == (error.message, 1)


def test_the_last_error_says_how_often_it_was_tried() -> None:
    with pytest.raises(UnreachableError) as caught:
        patience(attempts=4)[0].run(lambda: UnreachableError("no connection"))
    assert str(caught.value) == caught.value.message == "no connection (tried 4 times)"


def test_an_error_that_is_raised_is_final() -> None:
    calls = []

    def action() -> str:
        calls.append(1)
        raise UnreachableError("repeated already")

    with pytest.raises(UnreachableError, match=r"^repeated already$"):
        patience()[0].run(action)
    assert calls == [1]


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("0", 0),
        ("120", 120),
        (" 7 ", 7),
        ("1.5", 1.5),
        (None, None),
        ("", None),
        ("-1", None),
        ("soon", None),
        ("١٢", None),
        ("1e3", None),
        ("-9" + "9" * 400, None),
        ("1" * 400 + "x", None),
        ("999999999", 999_999_999),
        ("1000000001", LONGEST_ASKED),
        ("9" * 400, LONGEST_ASKED),
        ("9" * 400 + ".5", LONGEST_ASKED),
        ("0." + "0" * 400, 0),
        ("0" * 400 + "7", 7),
        ("Fri, 31 Dec 9999 23:59:59 GMT", LONGEST_ASKED),
        ("Fri, 99 Xxx 2026 99:99:99 GMT", None),
    ],
)
def test_retry_after_in_seconds_or_not_at_all(header: str | None, seconds: float | None) -> None:
    assert retry_after_seconds(header) == seconds


def test_retry_after_as_a_date_counts_from_the_date_of_the_answer() -> None:
    until = "Wed, 21 Oct 2026 07:28:30 GMT"
    assert retry_after_seconds(until, "Wed, 21 Oct 2026 07:28:00 GMT") == 30
    assert retry_after_seconds(until, "Wed, 21 Oct 2026 09:00:00 GMT") == 0


def test_retry_after_as_a_date_counts_from_now_where_the_answer_has_none() -> None:
    in_an_hour = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    seconds = retry_after_seconds(in_an_hour, "no date")
    assert seconds is not None
    assert 3000 < seconds < 4000


def test_a_long_wait_is_said_once_for_all_who_wait() -> None:
    said: list[str] = []
    clock = QuickClock()
    limits = RequestLimits(attempts=5, max_retry_after=60)
    retry = Retry(limits, threading.Event(), lambda low, _high: low, clock, said.append)
    retry.pause(1, busy(4.0))
    assert said == []
    retry.pause(1, busy(30.0))
    assert said == ["waiting 30 s, then trying again: busy"]
    retry.pause(2, busy(60.0))
    assert len(said) == 2


def test_several_who_wait_at_the_same_time_say_it_once() -> None:
    said: list[str] = []
    retry = Retry(RequestLimits(), threading.Event(), lambda low, _high: low, _Still(), said.append)
    for _ in range(8):
        retry.pause(1, busy(30.0))
    assert len(said) == 1


class _Still:
    """A clock on which no time passes."""

    def now(self) -> float:
        return 0.0

    def wait(self, _stop: threading.Event, _seconds: float) -> bool:
        return False


def test_what_is_not_sent_any_more_is_not_repeated() -> None:
    error = AlwaysLimitedError("did not read it", status=429)
    assert not patience()[0].pause(1, error)
    assert (error.sends, error.retryable) == (0, True)
