"""A running sandbox and a client with a token, for the tests of the sandbox itself."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

import pytest
import requests

from reconciler.sandbox import SCOPES, Sandbox

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Client(requests.Session):
    """A session for paths of one sandbox; follows no redirect, reads no environment."""

    def __init__(self, base_uri: str) -> None:
        super().__init__()
        self.trust_env = False
        self._base_uri = base_uri

    def request(self, method: str | bytes, url: str | bytes, *args: Any, **options: Any) -> requests.Response:
        options = {"timeout": 5, **options, "allow_redirects": False}
        return super().request(method, f"{self._base_uri}{url!s}", *args, **options)


@pytest.fixture
def launch() -> Iterator[Callable[..., Sandbox]]:
    """Starts a sandbox with the campaign CAM_001 (or as asked) and stops it in the end."""
    with contextlib.ExitStack() as stack:
        yield lambda **options: stack.enter_context(Sandbox(**{"campaigns": ["CAM_001"], **options}))


@pytest.fixture
def connect() -> Iterator[Callable[..., requests.Session]]:
    """A client of a sandbox, with a token for all scopes or those that are asked for; "" for no token."""
    with contextlib.ExitStack() as stack:

        def connected(sandbox: Sandbox, scope: str = " ".join(SCOPES)) -> requests.Session:
            client = stack.enter_context(Client(sandbox.base_uri))
            if scope:
                form = {"grant_type": "client_credentials", "scope": scope}
                answer = client.post("/oauth/token", data=form, auth=(sandbox.client_id, sandbox.client_secret))
                client.headers["Authorization"] = "Bearer " + answer.json()["access_token"]
            sandbox.clear_log()
            return client

        yield connected
