"""A list is read from all its pages, on the tenant's own origin, or not at all."""

from __future__ import annotations

import json
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest

from reconciler.cxone import lists
from reconciler.cxone.lists import links
from reconciler.dialect import CampaignName
from reconciler.errors import AnswerError, NotFoundError, TenantError
from reconciler.model import Webhook
from reconciler.sandbox import Fault, SandboxOptions

if TYPE_CHECKING:
    from collections.abc import Callable

    from reconciler.cxone.dialer import DialerTenant
    from reconciler.sandbox import Sandbox


LISTS = r"/schedules$|/schedules\?"


def endless(
    http: Callable[..., bytes], page: Callable[[int], list[Any]], last: int | None = None
) -> Callable[[Any], bytes]:
    """A script that answers with page after page, counted from 1; each names a further one, but for the `last`."""
    numbers = count(1)

    def script(_: Any) -> bytes:
        number = next(numbers)
        link = {} if number == last else {"Link": f'<?page={number + 1}>; rel="next"'}
        return http(200, json.dumps(page(number)), **link)

    return script


def test_reads_all_pages(
    launch: Callable[..., Sandbox], reach: Callable[..., DialerTenant], body: Callable[..., dict[str, Any]]
) -> None:
    box = launch(options=SandboxOptions(page_size=3))
    for number in range(10):
        box.store.put("CAM_001", body(f"S{number}"))
    assert [schedule.schedule_id for schedule in reach(box).schedules("CAM_001")] == [f"S{n}" for n in range(10)]
    assert [(seen.method, seen.query) for seen in box.log[1:]] == [
        ("GET", ""),
        ("GET", "page=2"),
        ("GET", "page=3"),
        ("GET", "page=4"),
    ]


@pytest.mark.parametrize("kind", ["500", "503", "truncated", "reset-before", "reset-after"])
def test_a_page_that_fails_once_is_read_again(
    kind: str,
    launch: Callable[..., Sandbox],
    reach: Callable[..., DialerTenant],
    body: Callable[..., dict[str, Any]],
) -> None:
    box = launch(options=SandboxOptions(page_size=2))
    for number in range(4):
        box.store.put("CAM_001", body(f"S{number}"))
    status = kind.isdecimal()
    box.faults.add(Fault(kind, method="GET", path=LISTS, nth=2, retry_after="0" if status else None))
    assert len(reach(box).schedules("CAM_001")) == 4


@pytest.mark.parametrize("kind", ["400", "403", "404", "500", "truncated", "html", "malformed-json"])
def test_a_second_page_that_cannot_be_read_leaves_nothing_of_the_list(
    kind: str,
    launch: Callable[..., Sandbox],
    reach: Callable[..., DialerTenant],
    body: Callable[..., dict[str, Any]],
) -> None:
    box = launch(options=SandboxOptions(page_size=2))
    for number in range(4):
        box.store.put("CAM_001", body(f"S{number}"))
    box.faults.add(Fault(kind, method="GET", path=LISTS, nth=2, times=None))
    with pytest.raises(TenantError) as caught:
        reach(box, limits={"attempts": 1}).schedules("CAM_001")
    assert not isinstance(caught.value, NotFoundError)  # which would say that the campaign is not there


def test_a_first_page_that_is_not_there_says_so(
    launch: Callable[..., Sandbox], reach: Callable[..., DialerTenant]
) -> None:
    with pytest.raises(NotFoundError, match="CAM_404"):
        reach(launch()).schedules("CAM_404")


def test_a_link_to_another_origin_is_not_followed_and_gets_no_token(
    launch: Callable[..., Sandbox], reach: Callable[..., DialerTenant]
) -> None:
    box, other = launch(), launch()
    port = box.base_uri.rpartition(":")[2]
    for location in (
        f"{other.base_uri}/api/v2/dialer/campaigns/CAM_001/schedules?page=2",
        f"//{other.base_uri.removeprefix('http://')}/x",
        f"http://127.0.0.1:{port}@{other.base_uri.removeprefix('http://')}/x",
        f"https://127.0.0.1:{port}/x",
        f"http://localhost:{port}/x",
        "http://127.0.0.1:notaport/x",
        "http://[::1/x",
    ):
        box.faults.clear()
        box.faults.add(Fault("link", method="GET", location=location))
        with pytest.raises(AnswerError, match=r"not on the tenant's own host|cannot be read"):
            reach(box).schedules("CAM_001")
    assert other.log == ()
    assert {seen.status for seen in box.log} == {200}


@pytest.mark.parametrize(
    "location",
    [
        "?page=2",
        "schedules?page=2",
        "/api/v2/dialer/campaigns/CAM_001/schedules?page=2",
        "//{host}/api/v2/dialer/campaigns/CAM_001/schedules?page=2",
        "HTTP://{host}/api/v2/dialer/campaigns/CAM_001/schedules?page=2#top",
    ],
)
def test_a_link_is_resolved_against_its_page(
    location: str,
    launch: Callable[..., Sandbox],
    reach: Callable[..., DialerTenant],
    body: Callable[..., dict[str, Any]],
) -> None:
    box = launch(options=SandboxOptions(page_size=2))
    for number in range(4):
        box.store.put("CAM_001", body(f"S{number}"))
    host = box.base_uri.removeprefix("http://")
    box.faults.add(Fault("link", method="GET", location=location.format(host=host)))
    assert len(reach(box).schedules("CAM_001")) == 4


@pytest.mark.parametrize("location", ["", "?", "#x", "?page=1"])
def test_links_in_circles_end_in_an_error(
    location: str, launch: Callable[..., Sandbox], reach: Callable[..., DialerTenant]
) -> None:
    box = launch()
    box.faults.add(Fault("link", method="GET", times=None, location=location or "schedules"))
    with pytest.raises(AnswerError, match="in circles"):
        reach(box).schedules("CAM_001")
    assert len(box.log) <= 3


def test_links_without_end_end_in_an_error(
    serve: Callable[..., Any],
    reach: Callable[..., DialerTenant],
    with_token: Callable[..., Any],
    http: Callable[..., bytes],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lists, "MAX_PAGES", 20)  # two thousand requests prove no more
    server = serve(with_token(endless(http, lambda number: [{"id": f"C{number}"}])))
    with pytest.raises(AnswerError, match=r"read the campaigns: .* do not end: 20 pages were read"):
        reach(server).campaigns()
    assert len(server.received) == 21


def test_pages_too_long_to_hold_end_in_an_error(
    serve: Callable[..., Any],
    reach: Callable[..., DialerTenant],
    with_token: Callable[..., Any],
    http: Callable[..., bytes],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lists, "MAX_BYTES", 10_000)
    server = serve(with_token(endless(http, lambda number: [{"id": f"C{number}", "name": "x" * 3000}])))
    with pytest.raises(AnswerError, match="do not end: more than 10000 bytes were read"):
        reach(server).campaigns()
    assert len(server.received) == 5


@pytest.mark.parametrize("page", [[], [{"id": "C1"}]], ids=["empty", "the same"])
def test_pages_that_bring_nothing_new_end_in_an_error_soon(
    page: list[Any],
    serve: Callable[..., Any],
    reach: Callable[..., DialerTenant],
    with_token: Callable[..., Any],
    http: Callable[..., bytes],
) -> None:
    server = serve(with_token(endless(http, lambda number: page if number > 2 else [{"id": f"X{number}"}])))
    with pytest.raises(AnswerError, match="the last 5 pages brought nothing new"):
        reach(server).campaigns()
    assert len(server.received) == 1 + 2 + 5 + len(page)


def test_some_empty_pages_within_a_list_do_no_harm(
    serve: Callable[..., Any],
    reach: Callable[..., DialerTenant],
    with_token: Callable[..., Any],
    http: Callable[..., bytes],
) -> None:
    full = {1, 6, 11}  # and four empty ones before each further one
    pages = endless(http, lambda number: [{"id": f"C{number:02}"}] if number in full else [], last=16)
    server = serve(with_token(pages))
    assert [campaign.campaign_id for campaign in reach(server).campaigns()] == ["C01", "C06", "C11"]
    assert len(server.received) == 1 + 16


@pytest.mark.parametrize("value", ["{}", '{"items": []}', "null", '"[]"', "5"])
def test_a_page_that_is_no_list_is_an_error(
    value: str,
    serve: Callable[..., Any],
    reach: Callable[..., DialerTenant],
    with_token: Callable[..., Any],
    http: Callable[..., bytes],
) -> None:
    server = serve(with_token(lambda _: http(200, value)))
    with pytest.raises(AnswerError, match="no list"):
        reach(server).campaigns()


@pytest.mark.parametrize(
    "header",
    [
        "next",
        "<http://127.0.0.1/x",
        '<?page=2>; rel="next',
        '<?page=2> rel="next"',
        '<?page=2>; rel="next", nonsense',
        '<?page=2>; rel="next" <?page=3>; rel="next"',
        '<?page=2>; rel="next", <?page=3>; rel="next"',
        "<?page=ü>; rel=next",
    ],
)
def test_a_link_header_that_cannot_be_read_is_an_error_and_not_the_last_page(
    header: str,
    serve: Callable[..., Any],
    reach: Callable[..., DialerTenant],
    with_token: Callable[..., Any],
    http: Callable[..., bytes],
) -> None:
    server = serve(with_token(lambda _: http(200, "[]", Link=header)))
    with pytest.raises(AnswerError, match=r"cannot be read|more than one"):
        reach(server).campaigns()
    assert len(server.received) == 2


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", []),
        (" , ,", []),
        ("<a>; rel=next", [("a", {"rel": "next"})]),
        ('<a>;rel="next"', [("a", {"rel": "next"})]),
        ('<a> ; REL = "Next Last" ; title="a, b; c"', [("a", {"rel": "Next Last", "title": "a, b; c"})]),
        ('<a>; rel="prev", <b>; rel="next"', [("a", {"rel": "prev"}), ("b", {"rel": "next"})]),
        ("<a?x=1,2;3>; rel=next", [("a?x=1,2;3", {"rel": "next"})]),
        ("<a>", [("a", {})]),
        ("<a>; rel", [("a", {"rel": ""})]),
        ("<a>; rel=prev; rel=next", [("a", {"rel": "prev"})]),
        (r'<a>; title="say \"next\""; rel="ne\xt"', [("a", {"title": 'say "next"', "rel": "next"})]),
        ("<>; rel=next", [("", {"rel": "next"})]),
        ("<a>; rel=next;", [("a", {"rel": "next", "": ""})]),
    ],
)
def test_reads_link_headers(header: str, expected: list[tuple[str, dict[str, str]]]) -> None:
    assert list(links(header)) == expected


def test_a_link_of_another_relation_is_not_followed(
    serve: Callable[..., Any],
    reach: Callable[..., DialerTenant],
    with_token: Callable[..., Any],
    http: Callable[..., bytes],
) -> None:
    items = json.dumps([{"id": "C1"}])
    server = serve(with_token(lambda _: http(200, items, Link='<https://docs.example/next>; rel="help"')))
    assert [campaign.campaign_id for campaign in reach(server).campaigns()] == ["C1"]


HOOK = {"name": "WFM_Sync_S1", "url": "https://wfm.example/x", "events": ["b", "a", "b"], "status": "ENABLED"}


def test_campaigns_are_sorted_and_each_is_there_once() -> None:
    items = [{"id": "C2", "name": "Two", "more": 1}, {"id": "C1"}, {"id": "C2", "name": "Two"}]
    assert lists.campaign_names(items) == (CampaignName("C1", None), CampaignName("C2", "Two"))


@pytest.mark.parametrize(
    "items",
    [
        [{}],
        ["C1"],
        [None],
        [{"id": ""}],
        [{"id": 5}],
        [{"id": "C1", "name": 5}],
        [{"id": "C"}, {"id": "C", "name": "x"}],
    ],
)
def test_a_campaign_that_cannot_be_told_is_an_error(items: list[Any]) -> None:
    with pytest.raises(AnswerError, match="campaign"):
        lists.campaign_names(items)


def test_agents_count_once_and_only_while_active() -> None:
    items = [
        {"userId": "U1", "status": "ACTIVE", "scheduleId": "A"},
        {"userId": "U1", "status": "ACTIVE", "scheduleId": "B"},
        {"userId": "U2", "status": "INACTIVE"},
        {"userId": "U3", "status": "active"},
        {"userId": "U4", "status": "ACTIVE"},
    ]
    assert lists.count_active(items) == 2
    assert lists.count_active([]) == 0


@pytest.mark.parametrize("item", [{}, None, {"userId": "U1"}, {"status": "ACTIVE"}, {"userId": 5, "status": "ACTIVE"}])
def test_an_agent_that_cannot_be_told_is_an_error(item: Any) -> None:
    with pytest.raises(AnswerError, match="an agent whose"):
        lists.count_active([{"userId": "U1", "status": "ACTIVE"}, item])


def test_webhooks_are_sorted_and_their_events_too() -> None:
    other = HOOK | {"name": "A", "id": "W1"}
    assert lists.webhooks([HOOK, other, HOOK]) == (
        Webhook("A", "https://wfm.example/x", ("a", "b"), "ENABLED"),
        Webhook("WFM_Sync_S1", "https://wfm.example/x", ("a", "b"), "ENABLED"),
    )


@pytest.mark.parametrize("field", ["name", "url", "events", "status"])
@pytest.mark.parametrize("value", [None, 5, [5], ""])
def test_a_webhook_that_cannot_be_told_is_an_error(field: str, value: Any) -> None:
    with pytest.raises(AnswerError, match=f"a webhook whose {field}"):
        lists.webhook(HOOK | {field: value})


def test_a_webhook_goes_out_as_it_comes_in() -> None:
    hook = lists.webhook(HOOK)
    assert lists.webhook(lists.webhook_body(hook)) == hook
