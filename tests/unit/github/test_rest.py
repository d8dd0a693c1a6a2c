"""Requests to GitHub are repeated where that may help, and nothing is made twice."""

from __future__ import annotations

import json
import time
from dataclasses import replace

import pytest

from reconciler.errors import GitHubError
from reconciler.github import GitHub as Client
from reconciler.github import Job
from tests.support.github import GitHub, Hiccup

SECONDARY = json.dumps({"message": "You have exceeded a secondary rate limit. Please wait."})
RUN = "actions/runs/1"


@pytest.fixture(autouse=True)
def run(github: GitHub) -> None:
    github.runs[1] = {"id": 1}


def _hiccup(status: int, body: str = "{}", **headers: str) -> Hiccup:
    return Hiccup("GET", RUN, status, body, {name.replace("_", "-"): value for name, value in headers.items()})


@pytest.mark.parametrize(
    ("hiccup", "waited"),
    [
        (_hiccup(500), [1]),
        (_hiccup(503, Retry_After="7"), [1]),
        (_hiccup(429, Retry_After="7"), [7]),
        (_hiccup(429), [1]),
        (_hiccup(429, Retry_After="soon"), [1]),
        (_hiccup(403, SECONDARY), [1]),
        (_hiccup(403, SECONDARY, Retry_After="3"), [3]),
        (_hiccup(403, X_RateLimit_Remaining="0", X_RateLimit_Reset="5"), [0]),
    ],
)
def test_a_hiccup_is_waited_for(
    hiccup: Hiccup, waited: list[float], github: GitHub, client: Client, waits: list[float]
) -> None:
    github.hiccups.append(hiccup)

    assert client.get(RUN) == {"id": 1}
    assert waits == waited


def test_the_end_of_a_limit_is_waited_for(github: GitHub, client: Client, waits: list[float]) -> None:
    github.hiccups.append(_hiccup(403, X_RateLimit_Remaining="0", X_RateLimit_Reset=str(int(time.time()) + 60)))

    assert client.get(RUN) == {"id": 1}
    assert 50 < waits[0] <= 60


@pytest.mark.parametrize(
    "hiccup",
    [
        _hiccup(403, json.dumps({"message": "Resource not accessible by integration"})),
        _hiccup(401),
        _hiccup(422),
        _hiccup(429, Retry_After="3600"),
    ],
)
def test_a_refusal_is_not_repeated(
    hiccup: Hiccup, github: GitHub, client: Client, job: Job, waits: list[float]
) -> None:
    github.hiccups.append(hiccup)

    with pytest.raises(GitHubError, match=f"GitHub answered {hiccup.status} .* to GET {RUN}") as refused:
        client.get(RUN)

    assert waits == []
    assert job.token not in refused.value.advice


def test_patience_ends(github: GitHub, client: Client, waits: list[float]) -> None:
    github.hiccups.extend(_hiccup(502) for _ in range(9))

    with pytest.raises(GitHubError, match="502"):
        client.get(RUN)

    assert waits == [1, 4, 15, 40]


def test_a_server_that_is_away_is_waited_for(job: Job, waits: list[float]) -> None:
    away = Client(replace(job, api="http://127.0.0.1:9"), waits.append)

    with pytest.raises(GitHubError, match="could not be reached"):
        away.get(RUN)

    assert len(waits) == 4


def test_what_was_made_although_the_answer_was_lost_is_not_made_again(github: GitHub, client: Client) -> None:
    github.hiccups.append(Hiccup("POST", "issues/7/comments", 502, carried_out=True))

    made = client.create("issues/7/comments", {"body": "x"}, lambda: next(client.items("issues/7/comments"), None))

    assert len(github.comments[7]) == 1
    assert made["body"] == "x"


def test_what_is_not_there_may_be_missing(client: Client) -> None:
    assert client.maybe("environments/nowhere") is None
    client.delete("issues/comments/404")
    with pytest.raises(GitHubError, match="404"):
        client.get("environments/nowhere")


def test_lists_are_read_to_their_end(github: GitHub, client: Client) -> None:
    github.comments[7] = [{"id": number} for number in range(250)]

    assert [item["id"] for item in client.items("issues/7/comments")] == list(range(250))
