"""A GitHub on loopback, and a job of it: pull request 7, with every permission."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from reconciler.github import GitHub as Client
from reconciler.github import Job
from tests.support.github import REPOSITORY, GitHub


@pytest.fixture
def github() -> Iterator[GitHub]:
    with GitHub() as running:
        yield running


@pytest.fixture
def job(github: GitHub) -> Job:
    everything = dict.fromkeys(("actions", "contents", "issues", "pull-requests"), "write")
    return Job(
        api=github.api,
        server=github.url,
        repository=REPOSITORY,
        token=github.token(everything),
        run_id="1",
        attempt="1",
        sha="a" * 40,
        branch="main",
        actor="octocat",
        event_name="pull_request",
        event={"pull_request": {"number": 7, "head": {"sha": "b" * 40}}},
    )


@pytest.fixture
def waits() -> list[float]:
    """The seconds for which the client would have waited."""
    return []


@pytest.fixture
def client(job: Job, waits: list[float]) -> Client:
    return Client(job, waits.append)
