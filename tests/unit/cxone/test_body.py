"""A body over real HTTP: decoded, whole, and never more of it in memory than the bound."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
import requests
import urllib3
from hypothesis import given
from hypothesis import strategies as st

from reconciler.cxone import body
from reconciler.cxone.answers import Answer, Call
from reconciler.cxone.body import MAX_BODY, read_body
from reconciler.errors import AnswerError, TenantError, UnreachableError

if TYPE_CHECKING:
    from collections.abc import Callable

    Http = Callable[..., bytes]
    Serve = Callable[..., Any]
    Send = Callable[..., Answer | TenantError]

DATA = b'[{"id": "S1"}]' * 50_000


def blanks(mebibytes: int) -> bytes:
    """A gzip stream of so many MiB of blanks, without its end."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    first, further = (
        packer.compress(b" " * 2**20) + packer.flush(zlib.Z_FULL_FLUSH) for _ in range(2)
    )  # after a full flush, each block stands by itself
    return first + further * (mebibytes - 1)


def received(content: bytes, **headers: str) -> bytes | TenantError:
    """What is made of a body that has come already."""
    response = requests.Response()
    response.status_code = 200
    response.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
    response.raw = urllib3.HTTPResponse(BytesIO(content), headers, 200, preload_content=False)
    return read_body(response, Call("GET", "https://api.niceincontact.com/x", "read it"), "HOST")


@pytest.mark.parametrize(
    ("coding", "pack"),
    [
        (None, bytes),
        ("identity", bytes),
        ("gzip", gzip.compress),
        (" GZip ", gzip.compress),
        ("x-gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("gzip", lambda data: gzip.compress(data[:7]) + gzip.compress(data[7:])),
        ("gzip", lambda data: gzip.compress(b"") + gzip.compress(data)),
    ],
)
def test_a_body_is_decoded(
    coding: str | None, pack: Callable[[bytes], bytes], serve: Serve, send: Send, http: Http
) -> None:
    headers = {} if coding is None else {"Content_Encoding": coding}
    server = serve(lambda _: http(200, pack(DATA), **headers))
    answer = send(server)
    assert isinstance(answer, Answer)
    assert answer.body == DATA
    assert server.received[0].headers["accept-encoding"] == "gzip"


@given(st.binary(max_size=2000), st.integers(1, 700_000), st.booleans())
def test_whatever_was_packed_is_read(pattern: bytes, times: int, packed: bool) -> None:
    data = (pattern * times)[:1_000_000]
    got = received(gzip.compress(data, 1), Content_Encoding="gzip") if packed else received(data)
    assert got == data


def test_an_empty_body_is_not_broken_compression(serve: Serve, send: Send, http: Http) -> None:
    answer = send(serve(lambda _: http(204, Content_Encoding="gzip")))
    assert isinstance(answer, Answer)
    assert answer.body == b""


@pytest.mark.parametrize("coding", ["br", "zstd", "compress", "gzip, gzip", "nonsense"])
def test_a_compression_that_nobody_asked_for_is_no_answer(
    coding: str, serve: Serve, send: Send, http: Http
) -> None:
    error = send(serve(lambda _: http(200, gzip.compress(b"[]"), Content_Encoding=coding)))
    assert isinstance(error, AnswerError)
    assert (error.message, error.status) == (
        "could not read it: the answer is compressed in a way that was not asked for",
        200,
    )


@pytest.mark.parametrize(
    "content",
    [
        b"no gzip at all",
        gzip.compress(b"[]") + b"and more",
        gzip.compress(b"[]")[:-8] + b"\0" * 8,  # its checksum is wrong
        gzip.compress(b"") * 101,
    ],
    ids=["none", "more", "checksum", "streams"],
)
def test_broken_compression_is_no_answer(content: bytes, serve: Serve, send: Send, http: Http) -> None:
    error = send(serve(lambda _: http(200, content, Content_Encoding="gzip")))
    assert isinstance(error, AnswerError)
    assert error.message.endswith("is compressed, and broken")


@pytest.mark.parametrize("left", [1, 9, 20])
def test_compression_that_ends_too_early_is_an_answer_cut_short(
    left: int, serve: Serve, send: Send, http: Http
) -> None:
    error = send(serve(lambda _: http(200, gzip.compress(b"[1, 2, 3]")[:left], Content_Encoding="gzip")))
    assert isinstance(error, UnreachableError)
    assert error.sent
    assert "cut its answer short" in error.message


def test_a_short_body_is_found_where_the_library_does_not_look() -> None:
    error = received(b"[1,2]", Content_Length="6")
    assert isinstance(error, UnreachableError)
    assert "cut its answer short" in error.message


@pytest.mark.parametrize("packed", [False, True])
def test_the_bound_is_exact(
    packed: bool, serve: Serve, send: Send, http: Http, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(body, "MAX_BODY", 600_000)
    headers = {"Content_Encoding": "gzip"} if packed else {}

    def sized(size: int) -> Answer | TenantError:
        data = b" " * size
        return send(serve(lambda _: http(200, gzip.compress(data) if packed else data, **headers)))

    assert isinstance(sized(600_000), Answer)
    error = sized(600_001)
    assert isinstance(error, AnswerError)
    assert "longer than 600000 bytes" in error.message


def test_a_compressed_answer_never_takes_much_more_memory_than_the_bound(
    serve: Serve, send: Send, http: Http
) -> None:
    bomb = http(200, blanks(600), Content_Encoding="gzip")
    server = serve(lambda _: bomb)
    tracemalloc.start()
    try:
        error = send(server)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert isinstance(error, AnswerError)
    assert f"longer than {MAX_BODY} bytes" in error.message
    assert peak < 2 * MAX_BODY
