"""From what the HTTP library raises to whether the request can have left."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

import pytest
import requests
import urllib3

from reconciler.cxone.answers import Call
from reconciler.cxone.connections import NOT_CONNECTED, failure
from reconciler.errors import UnreachableError
from reconciler.settings import RequestLimits

if TYPE_CHECKING:
    from collections.abc import Callable

CALL = Call("PUT", "https://api.niceincontact.com/x", "write it")
POOL = urllib3.HTTPSConnectionPool("api.niceincontact.com")
CERTIFICATE = ssl.SSLCertVerificationError(1, "certificate verify failed: t0ken")
CERTIFICATE.verify_message = "self-signed certificate"


def wrapped(reason: Exception) -> requests.ConnectionError:
    return requests.ConnectionError(urllib3.exceptions.MaxRetryError(POOL, "/x", reason))


def connect_failed() -> Exception:
    error = urllib3.exceptions.NewConnectionError(urllib3.connection.HTTPConnection("x"), "failed")
    error.__cause__ = ConnectionRefusedError(111, "Connection refused")
    return error


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (wrapped(connect_failed()), "no connection to HOST (Connection refused)"),
        (
            requests.ConnectTimeout(
                urllib3.exceptions.MaxRetryError(POOL, "/x", urllib3.exceptions.ConnectTimeoutError("slow"))
            ),
            "no connection to HOST within 10 s",
        ),
        (
            requests.exceptions.SSLError(
                urllib3.exceptions.MaxRetryError(POOL, "/x", urllib3.exceptions.SSLError(CERTIFICATE))
            ),
            "the certificate of HOST cannot be trusted (self-signed certificate)",
        ),
        (
            requests.exceptions.ProxyError(
                urllib3.exceptions.MaxRetryError(
                    POOL, "/x", urllib3.exceptions.ProxyError("http://user:hush@proxy", OSError("tunnel"))
                )
            ),
            "the proxy does not lead to HOST",
        ),
        (requests.exceptions.InvalidURL("Bearer t0ken"), "no connection to HOST"),
    ],
)
def test_what_failed_before_a_connection_was_made_was_not_sent(error: Exception, told: str) -> None:
    error.add_note(NOT_CONNECTED)
    result = failure(error, CALL, "HOST", RequestLimits())
    assert isinstance(result, UnreachableError)
    assert (result.sent, result.message) == (False, f"could not write it: {told}")
    assert result.retryable


@pytest.mark.parametrize(
    "make",
    [
        lambda: requests.ConnectionError(
            urllib3.exceptions.ProtocolError("Connection aborted.", ConnectionResetError(104, "reset by peer"))
        ),
        lambda: requests.ConnectionError(urllib3.exceptions.ProtocolError("IncompleteRead")),
        lambda: requests.ReadTimeout(urllib3.exceptions.ReadTimeoutError(POOL, "/x", "slow")),
        lambda: requests.exceptions.ChunkedEncodingError("Bearer t0ken"),
        lambda: requests.exceptions.ContentDecodingError("Bearer t0ken"),
        lambda: requests.exceptions.SSLError(ssl.SSLError(1, "bad record")),
        lambda: BrokenPipeError(32, "Broken pipe"),
        lambda: requests.RequestException("something new"),
        lambda: requests.exceptions.InvalidHeader("Bearer t0ken"),
        lambda: requests.exceptions.ProxyError(urllib3.exceptions.ProxyError("t0ken", OSError("reset"))),
        lambda: ValueError("Bearer t0ken"),
    ],
)
def test_whatever_else_failed_may_have_been_sent(make: Callable[[], Exception]) -> None:
    result = failure(make(), CALL, "HOST", RequestLimits())
    assert isinstance(result, UnreachableError)
    assert result.sent
    assert "t0ken" not in result.message


def test_an_error_that_is_its_own_cause_ends() -> None:
    error = requests.ConnectionError("x")
    error.__context__ = wrapped(error)
    assert isinstance(failure(error, CALL, "HOST", RequestLimits()), UnreachableError)
