"""Which campaigns a file names, told from a few of its lines.

`plan --changed` asks this of every file that nobody edited: one of them may hold a part of a campaign that another file
changes, and then it is needed. Reading them all as YAML would cost more than the plan, so the lines that hold the key
decide, wherever they leave no doubt; any other spelling is left to the parser. The key `campaignId` cannot stand in a file
without its letters standing there in one piece, but for an escape in double quotes (`"campaign\\u0049d"`): so a line with a
backslash is asked for, too. A line is without doubt where the key begins it and a word follows: the value is then that word,
or, where a plain value goes on in the next lines, it begins with that word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ..yaml import parse_yaml
from .reader import campaign_of

TELLING = ("campaignId", "\\")
"""What the lines hold that have to be looked at."""

_KEY = TELLING[0].encode()
_CERTAIN = re.compile(rb"""campaignId: +(?:([A-Za-z][\w.-]*)|"([\w.-]+)"|'([\w.-]+)')[ \t]*(?:#.*)?\r?""", re.ASCII)


def first_word(campaign: str) -> str:
    """By what campaigns are held against each other here: one that is spelled over several lines is known by its first."""
    return (campaign.split() or [""])[0]


def names_on(lines: Iterable[bytes]) -> frozenset[str] | None:
    """The campaigns that a file names, by all of its lines that hold one of `TELLING`, without their ends; None where only
    the whole file can tell. Of a name that goes on in further lines it is the first word."""
    certain = [_CERTAIN.fullmatch(line) for line in lines]
    if None in certain:
        return None
    return frozenset(str(match[match.lastindex or 0], "ascii") for match in certain if match is not None)


def names_in(data: bytes) -> frozenset[str]:
    """The campaigns that the bytes of a file name; those of a file that is no YAML as far as they are known."""
    if (names := names_on(_telling(data))) is not None:
        return names
    parsed = parse_yaml(data)
    return frozenset(name for name in map(campaign_of, parsed.documents) if name is not None)


def _telling(data: bytes) -> Iterator[bytes]:
    """The lines of a file that have to be looked at."""
    for text in (b"\\", _KEY):
        at = data.find(text)
        while at >= 0:
            end = data.find(b"\n", at)
            yield data[data.rfind(b"\n", 0, at) + 1 : end if end >= 0 else None]
            at = data.find(text, end) if end >= 0 else -1
