"""Lists in pages: the next page is named by a Link header (RFC 8288), and a list is read whole or not at all.

A link is the tenant's word and may be wrong: it is followed on the tenant's own origin only and never twice, and a header that
cannot be read is an error, because a page that is overlooked makes schedules look deleted. Below: the entries of what is only
listed, campaigns, agents and webhooks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from operator import attrgetter
from typing import TYPE_CHECKING, Any
from urllib.parse import urldefrag, urljoin

from ..errors import AnswerError, NotFoundError
from ..model import JsonObject, Webhook
from .answers import Answer, Call, parse, shown, unusable
from .client import Client
from .transport import origin

if TYPE_CHECKING:
    from ..dialect import CampaignName

MAX_PAGES = 2_000
"""Pages of one list. The longest list of a large tenant is that of the webhooks, one a schedule: 100,000 at only 50 a
page. At 50 ms each it is given up within two minutes."""
MAX_BYTES = 128 * 2**20  # of all pages together: 100,000 schedules of one campaign, each a kilobyte
IDLE_PAGES = 5  # pages in a row that bring nothing new, after which nothing new is to come

_NAME = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"  # a token of RFC 9110, 5.6.2
_TARGET = re.compile(r"[ \t,]*<([!-;=?-~]*)>[ \t]*", re.ASCII)
_PARAMETER = re.compile(rf';[ \t]*(?:({_NAME})[ \t]*(?:=[ \t]*({_NAME}|"(?:[^"\\]|\\.)*"))?[ \t]*)?', re.ASCII)

_HINT = "the list is not used, because a part of it may be missing; report to NICE's support what the tenant answers"


def read_list(client: Client, url: str, action: str, scope: str) -> list[Any]:
    """All items of the list that begins at a URL, from all its pages; `action` and `scope` are those of a `Call`. AnswerError
    where it cannot be read completely."""
    items: list[Any] = []
    urls: set[str] = set()
    size = idle = 0
    last = b""
    page: Call | None = Call("GET", url, action, scope)
    while page is not None:
        if fault := _endless(page.url, urls, size, idle):
            raise unusable(page, f"the links to further pages {fault}", _HINT)
        try:
            answer = client.read(page)
        except NotFoundError as error:
            if not urls:
                raise
            # Not NotFoundError: that would say that the campaign is not there.
            message = f"{error.message} (a further page of the list)"
            raise AnswerError(message, hint=_HINT, status=404) from None
        entries = parse(answer, page)
        if not isinstance(entries, list):
            raise unusable(page, f"the answer is no list, it begins {answer.excerpt()}", _HINT, answer.status)
        items += entries
        urls.add(page.url)
        size += len(answer.body)
        idle = idle + 1 if not entries or answer.body == last else 0
        last = answer.body
        page = _next_page(answer, page)
    return items


def _endless(url: str, urls: set[str], size: int, idle: int) -> str:
    """Why a further page is not asked for after those at `urls`, together of `size` bytes, of which the last `idle`
    brought nothing new; empty where it is."""
    if url in urls:
        return "lead round in circles"
    if idle >= IDLE_PAGES:
        return f"do not end, and the last {IDLE_PAGES} pages brought nothing new"
    if len(urls) >= MAX_PAGES:
        return f"do not end: {MAX_PAGES} pages were read"
    return f"do not end: more than {MAX_BYTES} bytes were read" if size > MAX_BYTES else ""


def _next_page(answer: Answer, page: Call) -> Call | None:
    header = answer.header("Link")
    if header is None:
        return None
    try:
        targets = [target for target, parameters in links(header) if _is_next(parameters, page.url)]
        urls = {urldefrag(urljoin(page.url, target)).url for target in targets}
    except ValueError:
        what = f"the Link header {answer.words(header)!r} cannot be read, so further pages may exist"
        raise unusable(page, what, _HINT) from None
    if len(urls) > 1:
        raise unusable(page, "there is more than one next page", _HINT)
    for url in urls:
        if origin(url) != origin(page.url):
            what = f"the next page {answer.words(url)!r} is not on the tenant's own host, so it is not asked for"
            raise unusable(page, what, _HINT)
        return page._replace(url=url)
    return None


def _is_next(parameters: Mapping[str, str], page: str) -> bool:
    """Whether a link with these parameters names the page after `page`. ValueError where that is not certain: what is no relation of RFC 8288
    may still be meant as one, and a page that is overlooked makes schedules look deleted."""
    relations = (parameters.get("rel") or "").lower().split()
    doubtful = [relation for relation in relations if "next" in relation and relation != "next"]
    if not relations or doubtful or {"rel*", "rev"} & parameters.keys():
        raise ValueError
    if "next" not in relations:
        return False
    anchor = parameters.get("anchor")
    if anchor is not None and urljoin(page, anchor) != page:
        raise ValueError  # the page after another one than this
    return True


def links(header: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    """The links of a Link header (RFC 8288, 3): the target of each, and its parameters by their names in lower case, the
    first of each. ValueError for what is none."""
    position = 0
    while header[position:].strip(" \t,"):
        match = _TARGET.match(header, position)
        if match is None:
            raise ValueError(header)
        position, parameters = match.end(), dict[str, str]()
        while parameter := _PARAMETER.match(header, position):
            position = parameter.end()
            value = parameter[2] or ""
            value = re.sub(r"\\(.)", r"\1", value[1:-1]) if value.startswith('"') else value
            parameters.setdefault((parameter[1] or "").lower(), value)
        if header[position : position + 1] not in ("", ","):
            raise ValueError(header)
        yield match[1], parameters


def campaign_names(items: Iterable[Any]) -> tuple[CampaignName, ...]:
    """Campaigns, sorted by id, each once. AnswerError for one without an id, or with two names."""
    from ..dialect import CampaignName  # only an import asks for all campaigns

    found: dict[str, CampaignName] = {}
    for item in items:
        name = item.get("name") if isinstance(item, dict) else None
        if name is not None and not isinstance(name, str):
            raise _error("campaign", item, "name")
        campaign = CampaignName(_text(item, "id", "campaign"), name)
        if found.setdefault(campaign.campaign_id, campaign) != campaign:
            raise AnswerError(f"the tenant lists campaign {campaign.campaign_id} twice, with different names")
    return tuple(found[key] for key in sorted(found))


def count_active(items: Iterable[Any]) -> int:
    """How many distinct agents are ACTIVE: one who has several schedules is one agent."""
    agents = [(_text(item, "userId", "agent"), _text(item, "status", "agent")) for item in items]
    return len({user for user, status in agents if status == "ACTIVE"})


def webhook(item: Any) -> Webhook:
    """One webhook. AnswerError for one that lacks a part."""
    name, url, status = (_text(item, field, "webhook") for field in ("name", "url", "status"))
    events = item.get("events")
    if not isinstance(events, list) or not all(isinstance(event, str) for event in events):
        raise _error("webhook", item, "events")
    return Webhook(name, url, tuple(sorted(set(events))), status)


def webhooks(items: Iterable[Any]) -> tuple[Webhook, ...]:
    """Webhooks, sorted by name. One that two pages list counts once, two that are equal but for their id count twice."""
    held = {(webhook(item), repr(item.get("id"))) for item in items}
    return tuple(sorted((hook for hook, _ in held), key=attrgetter("name", "url", "events", "status")))


def webhook_body(hook: Webhook) -> JsonObject:
    """The body that registers a webhook."""
    return {"name": hook.name, "url": hook.url, "events": list(hook.events), "status": hook.status}


def _text(item: Any, field: str, what: str) -> str:
    value = item.get(field) if isinstance(item, dict) else None
    if not isinstance(value, str) or not value:
        raise _error(what, item, field)
    return value


def _error(what: str, item: Any, field: str) -> AnswerError:
    kind = f"an {what}" if what == "agent" else f"a {what}"
    return AnswerError(
        f"the tenant lists {kind} whose {field} is missing or of the wrong type: {shown(item, 120)}",
        hint="the list is not used, because its meaning is not certain",
    )
