"""The body of an answer, whole and decoded, in bounds that hold while it is inflated.

A few compressed kilobytes can stand for gigabytes, and the HTTP library inflates them before anybody can count. So it
hands over the bytes as they came, and they are inflated here, piece by piece.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from io import BytesIO

import requests

from ..errors import AnswerError, TenantError
from .answers import Call
from .failures import HINT_NO_ANSWER, cut_short

MAX_BODY = 32 * 2**20  # bytes of one answer, as it came and inflated: over ten thousand schedules on one page
_PIECE = 2**18  # bytes that are read, or inflated, at once
_INFLATED = ("gzip", "x-gzip", "deflate")  # RFC 9110, 8.4.1; only gzip is asked for
_AS_IT_IS = ("", "identity")
_MEMBERS = (
    100  # streams that one compressed answer may be made of (RFC 1952, 2.2); an empty one costs time as well
)
_EITHER = zlib.MAX_WBITS + 32  # zlib tells by the header whether it is gzip or deflate


def read_body(response: requests.Response, call: Call, host: str) -> bytes | TenantError:
    """The whole body, decoded.

    AnswerError for one beyond MAX_BODY, for compression that is broken or of a kind that nobody asked for;
    UnreachableError for one that ends too early. What the HTTP library raises while it reads is passed on.
    """
    coding = response.headers.get("Content-Encoding", "").strip().lower()
    if coding not in (*_INFLATED, *_AS_IT_IS):
        return _unusable(response, call, "the answer is compressed in a way that was not asked for")
    inflater = _Inflater() if coding in _INFLATED else None
    body, received = BytesIO(), 0
    try:
        while piece := response.raw.read(_PIECE, decode_content=False):
            received += len(piece)
            for part in (piece,) if inflater is None else inflater.parts(piece):
                body.write(part)
                if max(body.tell(), received) > MAX_BODY:
                    return _unusable(response, call, f"the answer is longer than {MAX_BODY} bytes")
    except zlib.error:
        return _unusable(response, call, f"the answer of {host} is compressed, and broken")
    if _is_cut(response) or (inflater is not None and not inflater.is_whole):
        return cut_short(call, host)
    return body.getvalue()


class _Inflater:
    """Inflates what comes in pieces into parts of a bounded size."""

    def __init__(self) -> None:
        self._stream = zlib.decompressobj(_EITHER)
        self._streams = 0

    @property
    def is_whole(self) -> bool:
        """Whether the last stream has ended, or none began: an empty body is no broken one."""
        return self._stream.eof or self._streams == 0

    def parts(self, piece: bytes) -> Iterator[bytes]:
        """What a piece inflates to. zlib.error for what is not compressed, or made of too many streams."""
        while piece:
            if self._stream.eof or self._streams == 0:
                self._begin()
            part = self._stream.decompress(piece, _PIECE)
            yield part
            while len(part) == _PIECE:  # there is more, even where no input is left
                part = self._stream.decompress(self._stream.unconsumed_tail, _PIECE)
                yield part
            piece = self._stream.unused_data

    def _begin(self) -> None:
        self._streams += 1
        if self._streams > _MEMBERS:
            raise zlib.error
        self._stream = zlib.decompressobj(_EITHER)


def _unusable(response: requests.Response, call: Call, what: str) -> AnswerError:
    return AnswerError(f"could not {call.action}: {what}", hint=HINT_NO_ANSWER, status=response.status_code)


def _is_cut(response: requests.Response) -> bool:
    """Whether fewer bytes came than promised. Newer releases of urllib3 see to it themselves, older ones did not."""
    promised = response.headers.get("Content-Length", "")
    return promised.isdecimal() and response.raw.tell() < int(promised)
