"""One exchange over real HTTP: what is sent, the way there, and every way in which no whole answer comes back."""

from __future__ import annotations

import gzip
import logging
import threading
import tracemalloc
import zlib
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
import requests
import urllib3
from hypothesis import given
from hypothesis import strategies as st

from reconciler.cxone import transport
from reconciler.cxone.answers import Answer, Call
from reconciler.cxone.transport import MAX_BODY, Transport, origin, read_body, way_to
from reconciler.errors import AnswerError, TenantError, UnreachableError, UsageError
from reconciler.settings import RequestLimits
from tests.support.server import TunnelProxy

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Http = Callable[..., bytes]
    Serve = Callable[..., Any]
    Send = Callable[..., Answer | TenantError]
    from reconciler.cxone.dialer import DialerTenant
    from reconciler.sandbox import Sandbox


CXONE = "https://api.usw2.niceincontact.com"
PROXY = "http://user:hush@proxy.example:8080"


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"])
def test_a_proxy_is_used(name: str) -> None:
    assert way_to(CXONE, {name: PROXY}) == (PROXY, True)


@pytest.mark.parametrize("environ", [{}, {"HTTP_PROXY": PROXY}, {"HTTPS_PROXY": ""}, {"HTTPS_PROXY": " "}])
def test_without_a_proxy_for_https_there_is_none(environ: dict[str, str]) -> None:
    assert way_to(CXONE, environ) == (None, True)


@pytest.mark.parametrize(
    ("base_uri", "excluded", "direct"),
    [
        (CXONE, "api.usw2.niceincontact.com", True),
        (CXONE, "example.com, .NiceInContact.com", True),
        (CXONE, "niceincontact.com", True),
        (CXONE, "api.usw2.niceincontact.com:443", True),
        (CXONE, "api.usw2.niceincontact.com:8443", False),
        (CXONE, "contact.com", False),
        (CXONE, "*", True),
        (CXONE, " , ", False),
        ("https://10.1.2.3:8443", "10.0.0.0/8", True),
        ("https://10.1.2.3:8443", "10.1.2.3:8443", True),
        ("https://10.1.2.3:8443", "192.168.0.0/16", False),
        ("https://[fd00::1]", "fd00::/8", True),
    ],
)
@pytest.mark.parametrize("name", ["NO_PROXY", "no_proxy"])
def test_no_proxy_names_who_is_reached_directly(name: str, base_uri: str, excluded: str, direct: bool) -> None:
    proxy, _ = way_to(base_uri, {"HTTPS_PROXY": PROXY, name: excluded})
    assert proxy == (None if direct else PROXY)


@pytest.mark.parametrize("host", ["http://127.0.0.1:8080", "http://localhost", "http://[::1]:1"])
def test_this_machine_is_never_reached_through_a_proxy(host: str) -> None:
    assert way_to(host, {"HTTPS_PROXY": PROXY, "ALL_PROXY": PROXY}) == (None, True)


def test_the_proxy_s_password_is_in_no_text() -> None:
    assert "hush" not in repr(Transport(CXONE, RequestLimits(), threading.Event(), proxy=PROXY))


@pytest.mark.parametrize("name", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_a_ca_bundle_is_trusted(name: str, tmp_path: Path) -> None:
    assert way_to(CXONE, {name: str(tmp_path)}) == (None, str(tmp_path))


def test_a_ca_bundle_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="REQUESTS_CA_BUNDLE"):
        way_to(CXONE, {"REQUESTS_CA_BUNDLE": str(tmp_path / "none.pem")})


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
def test_a_compression_that_nobody_asked_for_is_no_answer(coding: str, serve: Serve, send: Send, http: Http) -> None:
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
    monkeypatch.setattr(transport, "MAX_BODY", 600_000)
    headers = {"Content_Encoding": "gzip"} if packed else {}

    def sized(size: int) -> Answer | TenantError:
        data = b" " * size
        return send(serve(lambda _: http(200, gzip.compress(data) if packed else data, **headers)))

    assert isinstance(sized(600_000), Answer)
    error = sized(600_001)
    assert isinstance(error, AnswerError)
    assert "longer than 600000 bytes" in error.message


def test_a_compressed_answer_never_takes_much_more_memory_than_the_bound(serve: Serve, send: Send, http: Http) -> None:
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


AUTH = "Bearer t0ken-of-the-test"


def test_sends_what_it_is_given_and_no_cookie(
    serve: Callable[..., Any], send: Callable[..., Any], http: Callable[..., bytes]
) -> None:
    server = serve(lambda _: http(200, "[]", Set_Cookie="session=1"))
    answer = send(server, method="PUT", path="/a%2E%2E/%2e%2E/ü?x=%20", body=b"{}", headers={"If-Match": 'W/"x"'})
    assert isinstance(answer, Answer)
    assert (answer.status, answer.body) == (200, b"[]")
    (received,) = server.received
    assert (received.method, received.path) == ("PUT", "/a%2E%2E/%2E%2E/%C3%BC?x=%20")
    assert received.body == b"{}"
    assert received.headers["authorization"] == "Bearer t0ken-of-the-test"
    assert received.headers["if-match"] == 'W/"x"'
    assert received.headers["content-length"] == "2"
    assert received.headers["user-agent"].startswith("cxone-schedule-reconciler/")
    send(server)
    assert "cookie" not in server.received[1].headers


def test_a_connection_is_used_again_and_by_all_threads(
    launch: Callable[..., Sandbox], reach: Callable[..., DialerTenant], caplog: pytest.LogCaptureFixture
) -> None:
    tenant = reach(launch())
    caplog.set_level(logging.DEBUG, logger="urllib3")
    for _ in range(5):
        tenant.schedules("CAM_001")
        thread = threading.Thread(target=tenant.schedules, args=("CAM_001",))
        thread.start()
        thread.join()
    opened = [record for record in caplog.records if "Starting new HTTP connection" in record.getMessage()]
    assert len(opened) == 1


def test_an_answer_in_chunks_is_read(serve: Callable[..., Any], send: Callable[..., Any]) -> None:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    answer = send(serve(lambda _: head + b"1\r\n[\r\n1\r\n]\r\n0\r\n\r\n"))
    assert isinstance(answer, Answer)
    assert answer.body == b"[]"


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n[1,2]",
        b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(b"[1]", mtime=0),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n[\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n[\r\n",
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 500 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 310\r\n\r\n{}",
    ],
)
def test_an_answer_that_is_not_whole_is_a_lost_connection_of_which_the_outcome_is_open(
    answer: bytes, serve: Callable[..., Any], send: Callable[..., Any]
) -> None:
    error = send(serve(lambda _: answer))
    assert isinstance(error, UnreachableError)
    assert error.sent
    assert error.message.startswith("could not read it: ")
    assert error.hint


def test_no_answer_in_time_leaves_the_outcome_open(
    serve: Callable[..., Any], send: Callable[..., Any], http: Callable[..., bytes]
) -> None:
    release = threading.Event()
    server = serve(lambda _: http(200) if release.wait(30) else b"")
    error = send(server, timeout=0.05)
    release.set()
    assert isinstance(error, UnreachableError)
    assert error.sent
    assert "did not answer within 0.05 s" in error.message


def test_a_connection_that_was_not_made_means_that_nothing_was_sent(
    serve: Callable[..., Any], send: Callable[..., Any]
) -> None:
    server = serve(lambda _: b"")
    server.stop()
    error = send(server)
    assert isinstance(error, UnreachableError)
    assert not error.sent
    assert "no connection to 127.0.0.1:" in error.message
    assert "refused" in error.message


def test_what_is_lost_behind_a_proxy_was_sent(serve: Serve, send: Send, certificate: Path) -> None:
    server = serve(lambda _: b"", certificate=certificate)
    with TunnelProxy() as proxy:
        error = send(server, method="PUT", proxy=proxy.uri, verify=str(certificate))
    assert len(server.received) == 1
    assert isinstance(error, UnreachableError)
    assert error.sent
    assert "was lost before the answer was whole" in error.message


def test_an_unknown_host_means_that_nothing_was_sent(send: Callable[..., Any]) -> None:
    class Nowhere:
        base_uri = "http://" + "x" * 70 + ".localhost"  # no name server is asked for a label this long

    error = send(Nowhere())
    assert isinstance(error, UnreachableError)
    assert not error.sent


def test_a_url_elsewhere_is_not_asked(serve: Callable[..., Any], http: Callable[..., bytes]) -> None:
    here, there = (serve(lambda _: http(200)) for _ in range(2))
    way = Transport(here.base_uri, RequestLimits(), threading.Event())
    error = way.send(Call("GET", there.base_uri, "read it"), AUTH)
    assert isinstance(error, AnswerError)
    assert (here.received, there.received) == ([], [])


def test_a_write_does_not_start_once_the_run_is_being_stopped_but_a_read_does(
    serve: Callable[..., Any], send: Callable[..., Any], http: Callable[..., bytes]
) -> None:
    stop = threading.Event()
    stop.set()
    server = serve(lambda _: http(200))
    error = send(server, method="PUT", write=True, stop=stop)
    assert isinstance(error, UnreachableError)
    assert not error.sent
    assert server.received == []
    assert isinstance(send(server, stop=stop), Answer)


@pytest.mark.parametrize("answer", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n[1", b"nonsense\r\n\r\n"])
def test_no_error_leads_to_the_token(answer: bytes, serve: Callable[..., Any], send: Callable[..., Any]) -> None:
    error = send(serve(lambda _: answer))
    assert (error.__cause__, error.__context__, error.__traceback__) == (None, None, None)
    assert "t0ken" not in repr(error) + error.message + error.hint + repr(vars(error))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://a.example", "https://a.example:443/x?y"),
        ("http://a.example:80", "http://A.EXAMPLE./"),
        ("http://[::1]:8080", "http://[::1]:8080/x"),
    ],
)
def test_equal_origins(one: str, other: str) -> None:
    assert origin(one) == origin(other)


@pytest.mark.parametrize(
    "other",
    [
        "http://a.example",
        "https://a.example:8443",
        "https://b.example",
        "https://a.example.b.example",
        "https://a.example@b.example",
        "https://user@a.example",
        "https://a.example:x",
        "https://[a.example",
        "//a.example",
        "a.example",
        "",
    ],
)
def test_other_origins(other: str) -> None:
    assert origin(other) != origin("https://a.example")
