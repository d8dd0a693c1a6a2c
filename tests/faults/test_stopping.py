"""One failure stops no other; 401, 403 and a run of server failures stop them all, and what was not tried is said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest

from reconciler.apply.outcomes import SERVER_FAILURES
from reconciler.model.results import Result, Status
from tests.support.apply_world import CAP, EARLY, LATE, PINNED, World, complete, of, open_writes

PUT = {"method": "PUT"}
PUT_EARLY = {"method": "PUT", "path": f"/{EARLY}$"}


def ends(result: Result) -> Counter[Status]:
    """How many writes ended how."""
    return Counter(write.status for write in result.results)


@pytest.mark.parametrize("kind", ["500", "503", "reset-before", "html", "malformed-json"])
def test_a_run_of_server_failures_stops_the_rest(world: World, kind: str) -> None:
    world.many(6)
    world.fault(kind, times=None, **PUT)

    result = world.result()

    assert ends(result) == {Status.FAILED: SERVER_FAILURES, Status.NOT_ATTEMPTED: 9 - SERVER_FAILURES}
    assert result.stopped is not None
    assert f"{SERVER_FAILURES} server failures in a row" in result.stopped
    assert {webhook.status for webhook in result.webhooks} == {Status.NOT_ATTEMPTED}
    assert not result.converged
    assert world.puts() == 5 * SERVER_FAILURES  # each as often as requests.attempts allows
    left = [write for write in result.results if write.status is Status.NOT_ATTEMPTED]
    assert {write.errors[0].message for write in left} == {result.stopped}
    assert {(write.attempts, write.latency_ms) for write in left} == {(0, None)}
    assert open_writes(world.entries()) == []
    world.box.faults.clear()
    assert complete(world.result())


def test_failures_that_are_not_in_a_row_stop_nothing(world: World) -> None:
    world.tenant(requests={"concurrency": 1, "attempts": 1})
    world.many(6)
    for number in (1, 2, 4, 5, 7, 8):
        world.fault("503", nth=number, **PUT)

    result = world.result()

    assert ends(result) == {Status.FAILED: 6, Status.SUCCESS: 3}
    assert result.stopped is None


@pytest.mark.parametrize("etags", [True, False])
def test_a_second_401_stops_the_run(make_world: Callable[..., World], *, etags: bool) -> None:
    world = make_world(etags=etags)
    world.fault("401", times=None, **PUT)

    result = world.result()

    assert ends(result) == {Status.FAILED: 1, Status.NOT_ATTEMPTED: 2}
    assert world.puts() == 2  # one with the token there was, one with a new one
    assert sum(seen.path == "/oauth/token" for seen in world.box.log) == 2
    failed = next(write for write in result.results if write.status is Status.FAILED)
    assert (failed.errors[0].code, failed.http_status) == ("UNAUTHORIZED", 401)
    assert "even a new token" in (failed.errors[0].hint or "")
    assert result.stopped is not None
    assert {webhook.status for webhook in result.webhooks} == {Status.NOT_ATTEMPTED}


def test_a_403_stops_the_run_and_says_what_was_asked_and_granted(world: World) -> None:
    world.fault("403", times=None, **PUT)

    result = world.result()

    assert ends(result) == {Status.FAILED: 1, Status.NOT_ATTEMPTED: 2}
    assert world.puts() == 1
    failed = next(write for write in result.results if write.status is Status.FAILED)
    assert failed.errors[0].code == "FORBIDDEN"
    hint = failed.errors[0].hint or ""
    assert "asked for dialer:campaigns:read" in hint
    assert "granted dialer:campaigns:read" in hint


def test_a_403_to_a_webhook_stops_the_other_webhooks(world: World) -> None:
    world.fault("403", times=None, method="POST", path="webhooks")

    result = world.result()

    assert ends(result) == {Status.SUCCESS: 3}
    assert [webhook.status for webhook in result.webhooks] == [Status.FAILED, Status.NOT_ATTEMPTED]


@pytest.mark.parametrize(("kind", "code"), [("400", "BAD_REQUEST"), ("404", "NOT_FOUND"), ("422", "BAD_REQUEST")])
def test_what_is_refused_for_good_is_not_repeated_and_stops_no_other(world: World, kind: str, code: str) -> None:
    world.fault(kind, times=None, **PUT_EARLY)

    result = world.result()

    early = of(result, EARLY)
    assert (early.status, early.attempts, early.http_status) == (Status.FAILED, 1, int(kind))
    assert (early.errors[0].code, early.errors[0].retryable) == (code, False)
    assert early.errors[0].message == "an injected fault"
    assert of(result, LATE).status is of(result, PINNED).status is Status.SUCCESS
    assert world.cap("CAM_A", LATE) == CAP
    assert result.stopped is None
    assert not result.converged


def test_a_redirect_is_not_followed_and_not_repeated(make_world: Callable[..., World]) -> None:
    world, elsewhere = make_world(), make_world()
    elsewhere.box.clear_log()
    world.fault("redirect", location=f"{elsewhere.box.base_uri}/steal", status=307, **PUT_EARLY)

    result = world.result()

    early = of(result, EARLY)
    assert (early.status, early.attempts, early.http_status) == (Status.FAILED, 1, 307)
    assert elsewhere.box.log == ()
    assert complete(world.result())


def test_a_wait_longer_than_allowed_is_given_up(world: World) -> None:
    world.tenant(requests={"concurrency": 1, "maxRetryAfter": 30})
    world.fault("429", retry_after="31", **PUT_EARLY)

    early = of(world.result(), EARLY)

    assert (early.status, early.attempts, early.http_status) == (Status.FAILED, 1, 429)
    assert early.errors[0].retryable
    assert "maxRetryAfter" in (early.errors[0].hint or "")
    assert world.live("CAM_A", EARLY) is None


@pytest.mark.parametrize("retry_after", ["20", "Sun, 06 Nov 1994 08:49:37 GMT"])
def test_a_wait_that_is_allowed_is_kept(world: World, retry_after: str) -> None:
    world.fault("429", retry_after=retry_after, **PUT_EARLY)

    early = of(world.result(), EARLY)

    assert (early.status, early.attempts) == (Status.SUCCESS, 2)
    assert world.clock.now() >= (20 if retry_after == "20" else 0)


def test_refused_credentials_are_asked_for_once(world: World) -> None:
    world.fault("401", times=None, path="oauth")

    applied = world.apply()

    assert applied.blocked
    assert [seen.path for seen in world.box.log] == ["/oauth/token"]
    assert not world.journal.exists()


def test_429_without_an_end_stops_the_run(world: World) -> None:
    """A bound on the whole: minutes, however many changes there are."""
    world.many(60)
    world.fault("429", retry_after="50", times=None, **PUT)

    result = world.result()

    assert result.stopped is not None
    assert "429" in result.stopped
    assert ends(result)[Status.NOT_ATTEMPTED] > 50
    assert world.clock.now() < 15 * 60
    assert not result.converged
    assert open_writes(world.entries()) == []
    world.box.faults.clear()
