"""Lists of the Admin API: read by offset to their end, and their entries.

A list ends where an empty page comes, or all the records that it counts are there, or a page is not full. The links to further
pages are sometimes missing and end nothing. A page that repeats an id means that the offset is not what it seems: the list
is not used, because a skill that is overlooked would seem not to be there.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, NamedTuple
from urllib.parse import urlencode

from ..dialect import CampaignName
from ..errors import AnswerError, NotFoundError
from ..model import JsonObject
from ..skills import Skill
from .answers import Answer, Call, parse, shown, unusable
from .skill_week import flag

_PERSONAL_CONNECTION = "Personal Connection"
_MEDIUM = "4"  # the number of the medium phone call
_MOST_PAGES = 2_000
_HINT = "the list is not used, because a part of it may be missing; report to NICE's support what the tenant answers"


class Records(NamedTuple):
    """The records of a list, and why it may lack some, empty where it does not: it counts more than came. It may count what
    this user must not see, and a new skill comes some seconds late; nothing is wrong with those that came."""

    entries: list[JsonObject]
    doubt: str = ""


def read_records(read: Callable[[Call], Answer], call: Call, name: str, key: str, size: int) -> Records:
    """All records of a list, whose pages hold them below `name`; `key` is their id, or one of the ids of `key`s by commas."""
    most = 0  # that any page counts
    records: list[JsonObject] = []
    ids: set[str] = set()
    separator = "&" if "?" in call.url else "?"
    for _ in range(_MOST_PAGES):
        query = urlencode({"skip": len(records), "top": size})
        page = call._replace(url=f"{call.url}{separator}{query}", accepts=(200, 204))
        entries, total, has_next = _page(_answered(read, page, first=not records), page, name)
        before, most = ids.copy(), max(most, total or 0)
        for entry in entries:
            own = _id(entry, key, page)
            if own in ids:
                where = "a further page" if own in before else "one page"
                raise unusable(call, f"{where} of the list repeats {key.partition(',')[0]} {own}", _HINT)
            ids.add(own)
        records += entries
        is_full = len(entries) >= size
        if total is not None and total < len(records):
            total = None  # more is there than it counts
        if not entries or (len(records) == total if total is not None else not (is_full or has_next)):
            doubt = f"the list of {name} counts {most} and holds {len(records)}" if most > len(records) else ""
            return Records(records, doubt)
    raise unusable(call, f"the list does not end: {_MOST_PAGES} pages were read", _HINT)


def _answered(read: Callable[[Call], Answer], page: Call, *, first: bool) -> Answer:
    try:
        return read(page)
    except NotFoundError as error:
        # Not NotFoundError: that would say that the campaign is not there.
        hint = "check baseUri, admin.version and the paths in tenant.yaml" if first else _HINT
        raise AnswerError(error.message, hint=hint, status=404) from None


def _page(answer: Answer, page: Call, name: str) -> tuple[list[JsonObject], int | None, bool]:
    """The records of one page, how many records there are in all where it says so, and whether it names a next page."""
    if answer.status == HTTPStatus.NO_CONTENT:
        return [], None, False
    body = parse(answer, page)
    if isinstance(body, dict) and isinstance(body.get("resultSet"), dict):
        body = body["resultSet"]
    entries = body.get(name) if isinstance(body, dict) else None
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise unusable(page, f"the answer has no list of {name}, it begins {answer.excerpt()}", _HINT, answer.status)
    total = body.get("totalRecords")
    links = body.get("_links")
    has_next = bool(links.get("next")) if isinstance(links, dict) else False
    if isinstance(total, str) and total.isascii() and total.isdecimal():
        total = int(total)
    return entries, total if type(total) is int else None, has_next


def _id(entry: JsonObject, keys: str, call: Call) -> str:
    for key in keys.split(","):
        if (text := number_text(entry.get(key))) is not None:
            return text
    raise unusable(call, f"an entry has no {keys.partition(',')[0]}: {shown(entry, 120)}", _HINT)


def number_text(value: Any) -> str | None:
    """An id, which comes as a number or as text; None where it is neither."""
    if type(value) is int:
        return str(value)
    return value if isinstance(value, str) and value else None


def skill(entry: JsonObject) -> Skill:
    """One skill; of one without a name or campaign that it cannot be managed."""
    name, campaign_name = entry.get("skillName"), entry.get("campaignName")
    return Skill(
        str(number_text(entry.get("skillId"))),
        name if isinstance(name, str) else "",
        number_text(entry.get("campaignId")) or "",
        campaign_name if isinstance(campaign_name, str) else None,
        flag(entry.get("isRunning", False)) is not False,  # what cannot be understood may be running
        _fault(entry),
    )


def _fault(entry: JsonObject) -> str:
    strategy = entry.get("outboundStrategy")
    checks = (
        (not isinstance(entry.get("skillName"), str) or not entry.get("skillName"), "the list does not name it"),
        (number_text(entry.get("campaignId")) is None, "it belongs to no campaign"),
        (
            flag(entry.get("isActive", True)) is None,
            f"its isActive is {shown(entry.get('isActive'))}, neither true nor false",
        ),
        (flag(entry.get("isActive")) is False, "it is not active"),
        (number_text(entry.get("mediaTypeId")) not in (None, _MEDIUM), "it is not for phone calls"),
        (flag(entry.get("isOutbound")) is False, "it is not outbound"),
        (
            strategy != _PERSONAL_CONNECTION,
            f"its outbound strategy is {shown(strategy)} and not {_PERSONAL_CONNECTION}",
        ),
    )
    return next((words for holds, words in checks if holds), "")


def campaigns_of(entries: list[JsonObject]) -> tuple[CampaignName, ...]:
    """Campaigns of either shape of their list, sorted by id."""
    found = []
    for entry in entries:
        campaign_id = number_text(entry.get("campaignId", entry.get("id")))
        name = entry.get("campaignName", entry.get("name"))
        found.append(CampaignName(str(campaign_id), name if isinstance(name, str) else None))
    return tuple(sorted(found))
