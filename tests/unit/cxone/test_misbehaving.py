"""A tenant, or something on the way to it, that answers in ways that no contract has: an answer is used only where it
certainly means what it says."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

import pytest

from reconciler.errors import AnswerError, UnreachableError

if TYPE_CHECKING:
    from collections.abc import Callable

    from reconciler.cxone.dialer import DialerTenant

CAMPAIGNS = b'[{"id": "C1", "name": "one"}]'
ZIPPED = gzip.compress(CAMPAIGNS)
UPGRADE = b"HTTP/1.1 101 X\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n"
EARLY_HINTS = b"HTTP/1.1 103 X\r\nLink: </a.css>; rel=preload\r\n\r\n"
PROCESSING = b"HTTP/1.1 102 X\r\n\r\n"


def answer(body: bytes = CAMPAIGNS, status: int = 200, **headers: str) -> bytes:
    """The bytes of an answer; `Content_Length` is right unless given."""
    fields = {"Content_Length": str(len(body)), "Connection": "close"} | headers
    lines = [
        f"HTTP/1.1 {status} X",
        *(f"{name.replace('_', '-')}: {fields[name]}" for name in fields),
        "",
        "",
    ]
    return "\r\n".join(lines).encode("latin-1") + body


def chunked(body: bytes) -> bytes:
    """An answer in chunks, which may be none."""
    return b"HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n" + body


def linked(link: str, body: bytes = CAMPAIGNS) -> bytes:
    """A page with a Link header."""
    return answer(body, Link=link)


UNUSABLE: dict[str, tuple[bytes, str]] = {
    "no content": (answer(b"", 204), "204 No Content"),
    "partial content": (answer(CAMPAIGNS, 206), "206 Partial Content"),
    "another protocol": (UPGRADE, "101 Switching"),
    "early hints without end": (EARLY_HINTS * 1000, "lost before"),
    "early hints and nothing else": (EARLY_HINTS * 3, "lost before"),
    "a page": (answer(b"<html></html>", Content_Type="text/html"), "not JSON"),
    "nothing": (answer(b""), "empty"),
    "fewer bytes than promised": (answer(CAMPAIGNS, Content_Length="99"), "lost before|cut its answer"),
    "a length that is none": (answer(b"[", Content_Length="many"), "not JSON"),
    "chunks of garbage": (chunked(b"zz\r\n[]\r\n0\r\n\r\n"), "lost before"),
    "chunks without an end": (chunked(b"2\r\n[]\r\n"), "lost before"),
    "broken compression": (
        answer(ZIPPED[:20] + b"x" * 20, Content_Encoding="gzip"),
        "compressed, and broken",
    ),
    "half of a compression": (answer(ZIPPED[:20], Content_Encoding="gzip"), "cut its answer short"),
    "no compression": (answer(CAMPAIGNS, Content_Encoding="gzip"), "compressed, and broken"),
    "another compression": (answer(CAMPAIGNS, Content_Encoding="br"), "not asked for"),
    "two compressions": (answer(gzip.compress(ZIPPED), Content_Encoding="gzip, gzip"), "not asked for"),
    "no status line": (b"[]", "lost before"),
    "a status that is none": (b"HTTP/1.1 abc X\r\n\r\n[]", "lost before"),
    "UTF-16": (answer('[{"id": "C1"}]'.encode("utf-16")), "not JSON"),
    "Latin-1": (answer('[{"id": "Cañón"}]'.encode("latin-1")), "not JSON"),
    "NaN": (answer(b'[{"id": NaN}]'), "not JSON"),
    "a number without bounds": (answer(b'[{"id": "C1", "x": 1e999}]'), "not JSON"),
    "four hundred digits": (answer(b'[{"id": "C1", "x": ' + b"9" * 400 + b"}]"), "not JSON"),
    "ten thousand digits": (answer(b"[" + b"9" * 10_000 + b"]"), "not JSON"),
    "two documents": (answer(b"[][]"), "not JSON"),
    "lists without end": (answer(b"[" * 100_000 + b"]" * 100_000), "not JSON"),
    "a field twice": (answer(b'[{"id": "C1", "id": "C2"}]'), "repeats the field 'id'"),
    "an object": (answer(b'{"items": []}'), "no list"),
    "a null": (answer(b"null"), "no list"),
    "a null in the list": (answer(b"[null]"), "id is missing or of the wrong type"),
    "a list in the list": (answer(b'[["id"]]'), "id is missing or of the wrong type"),
    "an id that is a number": (answer(b'[{"id": 5}]'), "id is missing or of the wrong type"),
    "an id that is deep": (
        answer(b'[{"id": ' + b"[" * 900 + b"]" * 900 + b"}]"),
        "id is missing or of the wrong",
    ),
    "one id with two names": (answer(b'[{"id": "C1"}, {"id": "C1", "name": "one"}]'), "twice"),
    "a relation in single quotes": (linked("<?page=2>; rel='next'"), "cannot be read"),
    "an extended relation": (linked("<?page=2>; rel*=UTF-8''next"), "cannot be read"),
    "a relation as an address": (
        linked('<?page=2>; rel="http://www.iana.org/assignments/relation/next"'),
        "cannot be read",
    ),
    "a relation that is spelled otherwise": (linked("<?page=2>; rel=nextPage"), "cannot be read"),
    "the way back of a relation": (linked('<?page=2>; rev="prev"'), "cannot be read"),
    "a link without a relation": (linked("<?page=2>"), "cannot be read"),
    "a relation without a value": (linked("<?page=2>; rel"), "cannot be read"),
    "a link of another page": (linked('<?page=2>; rel=next; anchor="/other"'), "cannot be read"),
    "an open quote": (linked('<?page=2>; rel="next'), "cannot be read"),
    "no target": (linked("?page=2; rel=next"), "cannot be read"),
    "two next pages": (linked("<?page=2>; rel=next, <?page=3>; rel=next"), "more than one next page"),
    "two headers with next pages": (
        linked("<?page=2>; rel=next\r\nLink: <?page=3>; rel=next"),
        "more than one",
    ),
    "a page elsewhere": (
        linked("<https://elsewhere.example.com/>; rel=next"),
        "not on the tenant's own host",
    ),
}

USABLE: dict[str, bytes] = {
    "a byte order mark": answer(b"\xef\xbb\xbf" + CAMPAIGNS),
    "another charset in name only": answer(Content_Type="application/json; charset=iso-8859-1"),
    "no type": answer(Content_Type=""),
    "the type of a page": answer(Content_Type="text/html"),
    "early hints before it": EARLY_HINTS + answer(),
    "all that may come before it": b"HTTP/1.1 100 Continue\r\n\r\n" + PROCESSING * 5 + EARLY_HINTS * 5 + answer(),
    "no length": b"HTTP/1.1 200 X\r\n\r\n" + CAMPAIGNS,
    "chunks": chunked(b"%x\r\n%b\r\n0\r\n\r\n" % (len(CAMPAIGNS), CAMPAIGNS)),
    "compression": answer(ZIPPED, Content_Encoding="GZip"),
    "twice the same": answer(CAMPAIGNS[:-1] + b"," + CAMPAIGNS[1:]),
    "more fields, and deep ones": answer(CAMPAIGNS[:-2] + b', "x": ' + b"[" * 900 + b"]" * 900 + b"}]"),
    "other links": linked('</docs>; rel="help", <?page=1>; rel="self first"; title="next, or <not>"'),
    "a link of the last page": linked('<?page=1>; rel=prev; title*=UTF-8\'\'next'),
}  # fmt: skip


@pytest.fixture
def campaigns(
    serve: Callable[..., Any], reach: Callable[..., DialerTenant], with_token: Callable[..., Any]
) -> Callable[[bytes], list[str]]:
    """The ids of the campaigns of a tenant that answers with these bytes."""

    def read(sent: bytes) -> list[str]:
        tenant = reach(serve(with_token(lambda _: sent)), limits={"attempts": 1})
        return [campaign.campaign_id for campaign in tenant.campaigns()]

    return read


@pytest.mark.parametrize("name", sorted(UNUSABLE))
def test_an_answer_that_cannot_be_trusted_gives_no_list(name: str, campaigns: Callable[[bytes], list[str]]) -> None:
    sent, message = UNUSABLE[name]
    with pytest.raises((AnswerError, UnreachableError), match=message):
        campaigns(sent)


@pytest.mark.parametrize("name", sorted(USABLE))
def test_an_answer_that_means_what_it_says_is_used(name: str, campaigns: Callable[[bytes], list[str]]) -> None:
    assert campaigns(USABLE[name]) == ["C1"]


ETAGS = {
    '"a1"': '"a1"',
    '""': '""',
    '"a b\\"': None,
    'W/"a1"': None,
    'w/"a1"': None,
    "a1": None,
    '"a1': None,
    '"a1", "a2"': None,
    "*": None,
    "": None,
    '"\xe9"': '"\xe9"',
}


@pytest.mark.parametrize("etag", sorted(ETAGS))
def test_only_a_strong_etag_is_sent_back(
    etag: str,
    serve: Callable[..., Any],
    reach: Callable[..., DialerTenant],
    with_token: Callable[..., Any],
    body: Callable[..., dict[str, Any]],
) -> None:
    sent = answer(json.dumps(body()).encode(), ETag=etag)
    server = serve(with_token(lambda _: sent))
    tenant = reach(server)
    read = tenant.schedule("CAM_001", "S1")
    assert read.etag == ETAGS[etag]
    tenant.put(tenant.put_request(body()), read.etag)
    assert server.received[-1].headers.get("if-match") == ETAGS[etag]
