"""Lists of the Admin API end where they end, however a tenant counts and links, and are not used where that is in doubt."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from reconciler.cxone.answers import Answer, Call, Redactor
from reconciler.cxone.sign_in import tenant_of
from reconciler.cxone.skill_lists import campaigns_of, read_records, skill
from reconciler.dialect import CampaignName
from reconciler.errors import AnswerError, NotFoundError

CALL = Call("GET", "https://api.example.com/skills?isActive=true", "read the skills")
Page = Callable[[int, int], Any]


def tenant(page: Page, seen: list[str] | None = None) -> Callable[[Call], Answer]:
    """Answers with what `page` makes of skip and top; None is a 204."""

    def read(call: Call) -> Answer:
        query = parse_qs(urlsplit(call.url).query)
        assert query["isActive"] == ["true"]
        if seen is not None:
            seen.append(call.url)
        content = page(int(query["skip"][0]), int(query["top"][0]))
        if content is None:
            return Answer(204, {}, b"", Redactor())
        return Answer(200, {}, json.dumps(content).encode(), Redactor())

    return read


def records(count: int, start: int = 0) -> list[dict[str, Any]]:
    return [{"skillId": number} for number in range(start, start + count)]


def pages(total: int, size: int | None = None, **more: Any) -> Page:
    """A list of `total` records in pages of at most `size`; `more` goes beside each page."""

    def page(skip: int, top: int) -> Any:
        shown = records(total)[skip : skip + min(top, size or top)]
        return {"skills": shown, **more}

    return page


@pytest.mark.parametrize(
    ("page", "count"),
    [
        (pages(25, totalRecords=25), 25),
        (pages(25, totalRecords="25"), 25),
        (pages(20, totalRecords=20), 20),
        (pages(25), 25),
        (pages(20), 20),
        (pages(25, size=4, totalRecords=25), 25),  # pages that are smaller than was asked for
        (pages(25, size=4, _links={"next": "/skills?skip=4"}), 25),
        (pages(25, totalRecords=0), 25),  # a count that cannot be right
        (pages(25, totalRecords="many", _links=None), 25),
        (lambda skip, top: {"skills": records(25)[skip : skip + top]} if skip < 25 else None, 25),
        (lambda _skip, _top: None, 0),
        (lambda skip, top: {"resultSet": pages(25, totalRecords=25)(skip, top)}, 25),
    ],
)
def test_a_list_ends_where_it_ends(page: Page, count: int) -> None:
    read = tenant(page)
    found = read_records(read, CALL, "skills", "skillId", 10)
    assert found.entries == records(count)
    assert found.doubt == ""


@pytest.mark.parametrize("end", [{"skills": [], "totalRecords": 99}, {"skills": []}, None], ids=str)
@pytest.mark.parametrize("size", [4, 10, 25])
def test_a_list_that_is_shorter_than_it_counts_says_so(end: Any, size: int) -> None:
    def page(skip: int, top: int) -> Any:
        return pages(25, size, totalRecords=99)(skip, top) if skip < 25 else end

    found = read_records(tenant(page), CALL, "skills", "skillId", 25)
    assert found.entries == records(25)
    assert found.doubt == "the list of skills counts 99 and holds 25"


def test_an_id_that_comes_twice_says_where() -> None:
    for twice, words in ((records(1) * 2, "one page"), (records(10), "a further page")):
        page = {"skills": twice, "totalRecords": 99}
        with pytest.raises(AnswerError, match=f"{words} of the list repeats skillId 0"):
            read_records(tenant(lambda _skip, _top: page), CALL, "skills", "skillId", 10)  # noqa: B023 - called at once


def test_no_more_pages_are_read_than_there_are() -> None:
    seen: list[str] = []
    read_records(tenant(pages(25, totalRecords=25), seen), CALL, "skills", "skillId", 10)
    assert len(seen) == 3


@pytest.mark.parametrize(
    "page",
    [
        lambda _skip, _top: {"skills": records(10), "totalRecords": 25},
        lambda skip, _top: {"skills": records(10, start=max(0, skip - 1)), "totalRecords": 25},
        lambda _skip, _top: {"skills": None},
        lambda _skip, _top: {"items": []},
        lambda _skip, _top: [],
        lambda _skip, _top: {"skills": ["4711"]},
        lambda _skip, _top: {"skills": [{"skillName": "Sales"}]},
        lambda _skip, _top: {"skills": [{"skillId": True}]},
    ],
)
def test_a_doubtful_list_is_not_used(page: Page) -> None:
    with pytest.raises(AnswerError):
        read_records(tenant(page), CALL, "skills", "skillId", 10)


def test_a_list_that_is_not_there_is_no_campaign_that_is_not_there() -> None:
    def read(_call: Call) -> Answer:
        raise NotFoundError("could not read the skills: the tenant refused with 404 Not Found", status=404)

    with pytest.raises(AnswerError, match="404") as caught:
        read_records(read, CALL, "skills", "skillId", 10)
    assert "admin.version" in caught.value.hint


GOOD = {
    "skillId": "4711",
    "skillName": "Sales",
    "campaignId": 1001,
    "isActive": "True",
    "isOutbound": True,
    "outboundStrategy": "Personal Connection",
    "isRunning": "True",
}


def test_numbers_and_flags_are_read_as_text_too() -> None:
    usable = skill(GOOD)
    assert (usable.skill_id, usable.campaign_id, usable.is_running, usable.fault) == ("4711", "1001", True, "")


@pytest.mark.parametrize(("running", "said"), [(False, False), ("False", False), ("maybe", True), (1, True)])
def test_what_may_be_running_is_taken_to_run(running: Any, said: bool) -> None:
    assert skill({**GOOD, "isRunning": running}).is_running is said
    assert not skill({field: value for field, value in GOOD.items() if field != "isRunning"}).is_running


@pytest.mark.parametrize(
    "fields",
    [
        {"isActive": "False"},
        {"isActive": "no"},
        {"isActive": 0},
        {"isActive": None},
        {"isOutbound": False},
        {"outboundStrategy": "Manual"},
        {"outboundStrategy": None},
        {"mediaTypeId": "3"},
        {"campaignId": None},
        {"skillName": None},
    ],
    ids=str,
)
def test_a_skill_that_cannot_be_managed_says_why(fields: dict[str, Any]) -> None:
    assert skill({**GOOD, **fields}).fault


def test_both_shapes_of_campaigns() -> None:
    wrapped: list[dict[str, Any]] = [{"campaignId": "2", "campaignName": "B"}, {"campaignId": 1, "campaignName": "A"}]
    flat: list[dict[str, Any]] = [{"id": 2, "name": "B"}, {"id": "1", "name": "A"}]
    assert campaigns_of(wrapped) == campaigns_of(flat) == (CampaignName("1", "A"), CampaignName("2", "B"))


@pytest.mark.parametrize("token", [None, "", "a.b", "a.!!.c", "a.W10.c", "a.e30.c", 5])
def test_an_id_token_without_a_tenant(token: Any) -> None:
    assert tenant_of(token) is None


def test_the_tenant_of_an_id_token() -> None:
    assert tenant_of("x.eyJ0ZW5hbnRJZCI6ICIxMWU3In0.y") == "11e7"
