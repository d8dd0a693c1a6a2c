"""Lists in pages: the next page is named by a Link header (RFC 8288), and a list is read whole or not at all.

A link is the tenant's word and may be wrong: it is followed on the tenant's own origin only and never twice, and a
header that cannot be read is an error, because a page that is overlooked makes schedules look deleted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urldefrag, urljoin

from ..errors import AnswerError, NotFoundError
from .answers import Answer, Call, parse
from .client import Client
from .transport import origin

MAX_PAGES = 10_000
MAX_ITEMS = 1_000_000

_NAME = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"  # a token of RFC 9110, 5.6.2
_TARGET = re.compile(r"[ \t,]*<([!-;=?-~]*)>[ \t]*", re.ASCII)
_PARAMETER = re.compile(
    rf';[ \t]*(?:({_NAME})[ \t]*(?:=[ \t]*({_NAME}|"(?:[^"\\]|\\.)*"))?[ \t]*)?', re.ASCII
)


def read_list(client: Client, call: Call) -> list[Any]:
    """All items of a list, from all its pages. AnswerError where it cannot be read completely."""
    items: list[Any] = []
    seen: set[str] = set()
    page: Call | None = call
    while page is not None:
        if page.url in seen or len(seen) >= MAX_PAGES or len(items) > MAX_ITEMS:
            what = "lead round in circles" if page.url in seen else "do not end"
            raise AnswerError(f"could not {call.action}: the links to further pages {what}", hint=_HINT)
        seen.add(page.url)
        answer = _read_page(client, page, first=page is call)
        items += _entries(answer, page)
        page = _next_page(answer, page)
    return items


_HINT = (
    "the list is not used, because a part of it may be missing; tell NICE's support what the tenant answers"
)


def _read_page(client: Client, page: Call, *, first: bool) -> Answer:
    if first:
        return client.read(page)
    try:
        return client.read(page)
    except NotFoundError as error:
        missing = error.message
    # Not NotFoundError: that would say that the campaign is not there.
    raise AnswerError(f"{missing} (a further page of the list)", hint=_HINT, status=404)


def _entries(answer: Answer, page: Call) -> list[Any]:
    value = parse(answer, page)
    if not isinstance(value, list):
        raise AnswerError(
            f"could not {page.action}: the answer is no list, it begins {answer.excerpt()}",
            hint=_HINT,
            status=answer.status,
        )
    return value


def _next_page(answer: Answer, page: Call) -> Call | None:
    header = answer.header("Link")
    if header is None:
        return None
    try:
        targets = {target for target, relations in links(header) if "next" in relations}
        urls = {urldefrag(urljoin(page.url, target)).url for target in targets}
    except ValueError:
        raise AnswerError(
            f"could not {page.action}: the Link header {answer.told(header)!r} cannot be read", hint=_HINT
        ) from None
    if len(urls) > 1:
        raise AnswerError(f"could not {page.action}: there is more than one next page", hint=_HINT)
    for url in urls:
        if origin(url) != origin(page.url):
            raise AnswerError(
                f"could not {page.action}: the next page {answer.told(url)!r} is not on the tenant's own host, so it is "
                "not asked for",
                hint=_HINT,
            )
        return replace(page, url=url)
    return None


def links(header: str) -> Iterator[tuple[str, frozenset[str]]]:
    """The targets of a Link header with the relations of each, in lower case. ValueError for what is none."""
    position = 0
    while header[position:].strip(" \t,"):
        match = _TARGET.match(header, position)
        if match is None:
            raise ValueError(header)
        target, position, relations = match[1], match.end(), None
        while parameter := _PARAMETER.match(header, position):
            position = parameter.end()
            if (parameter[1] or "").lower() == "rel" and relations is None:
                relations = _unquoted(parameter[2] or "").lower().split()
        if header[position : position + 1] not in ("", ","):
            raise ValueError(header)
        yield target, frozenset(relations or ())


def _unquoted(value: str) -> str:
    return re.sub(r"\\(.)", r"\1", value[1:-1]) if value.startswith('"') else value
