"""The dialer's API as the stages need it, against the embedded CXone over real HTTP."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reconciler import cxone
from reconciler.dialect import CampaignName, Dialect, ScheduleRead
from reconciler.errors import (
    AnswerError,
    BadRequestError,
    FieldFault,
    NotFoundError,
    PreconditionError,
    ScopeError,
    TenantError,
    UnreachableError,
)
from reconciler.model import Request, Webhook
from reconciler.sandbox import Fault, SandboxOptions

if TYPE_CHECKING:
    from collections.abc import Callable

    from reconciler.cxone.dialer import DialerTenant
    from reconciler.sandbox import Sandbox

    Body = Callable[..., dict[str, Any]]
    Launch = Callable[..., Sandbox]
    Reach = Callable[..., DialerTenant]

HOOK = Webhook("WFM_Sync_S1", "https://wfm.example/x", ("campaign.schedule.updated",), "ENABLED")


def test_it_is_a_dialect(launch: Launch, reach: Reach) -> None:
    tenant: Dialect = reach(launch())
    assert tenant.campaigns() == (CampaignName("CAM_001", "CAM_001"),)


def test_leave_is_got_once_and_for_all(launch: Launch, reach: Reach) -> None:
    box = launch()
    tenant = reach(box)
    tenant.authorize()
    tenant.authorize()
    tenant.schedules("CAM_001")
    assert [seen.method for seen in box.log] == ["POST", "GET"]


def test_leave_that_is_not_given_is_told(launch: Launch, reach: Reach) -> None:
    with pytest.raises(ScopeError):
        reach(launch(options=SandboxOptions(grants=()))).authorize()


def test_reads_what_was_written(launch: Launch, reach: Reach, body: Body) -> None:
    box = launch()
    tenant = reach(box)
    request = tenant.put_request(body())
    assert request == Request("PUT", "/api/v2/dialer/campaigns/CAM_001/schedules/S1", body())
    answer = tenant.put(request, None)
    assert (answer.status, answer.schedule.status) == (201, "ACTIVE")
    assert tenant.schedules("CAM_001") == (answer.schedule,)
    read = tenant.schedule("CAM_001", "S1")
    assert read.schedule == answer.schedule
    assert box.store.schedules("CAM_001")[0] | body() == box.store.schedules("CAM_001")[0]


def test_sends_the_body_as_it_is(
    serve: Callable[..., Any],
    with_token: Callable[..., Any],
    http: Callable[..., bytes],
    reach: Reach,
    body: Body,
) -> None:
    put = body(name="Ünïcode 😀 \ud800", custom={"kept": [1, 2.5, None]})
    server = serve(with_token(lambda received: http(200, received.body)))
    tenant = reach(server)
    assert tenant.put(tenant.put_request(put), None).schedule.name == put["name"]
    received = server.received[-1]
    assert json.loads(received.body) == put
    assert received.headers["content-type"] == "application/json"
    assert "if-match" not in received.headers


def test_schedules_are_sorted_by_id(launch: Launch, reach: Reach, body: Body) -> None:
    box = launch(options=SandboxOptions(page_size=2))
    for name in ("S3", "S1", "S4", "S2"):
        box.store.put("CAM_001", body(name))
    assert [schedule.schedule_id for schedule in reach(box).schedules("CAM_001")] == ["S1", "S2", "S3", "S4"]


def test_a_campaign_that_is_not_there_is_told(launch: Launch, reach: Reach) -> None:
    with pytest.raises(NotFoundError, match=r"campaign CAM_404 does not exist"):
        reach(launch()).schedules("CAM_404")


def test_one_unreadable_schedule_makes_its_campaign_unreadable(launch: Launch, reach: Reach, body: Body) -> None:
    box = launch(campaigns=["CAM_001", "CAM_002"])
    box.store.put("CAM_001", body("S1"))
    box.store.put("CAM_001", {"id": "S2", "name": "half"})
    tenant = reach(box)
    with pytest.raises(AnswerError, match=r"'S2' of campaign CAM_001 .* has no campaignId"):
        tenant.schedules("CAM_001")
    assert tenant.schedules("CAM_002") == ()


def test_a_schedule_that_is_gone_is_none(launch: Launch, reach: Reach) -> None:
    assert reach(launch()).schedule("CAM_001", "S1") == ScheduleRead(None)


def test_a_schedule_under_another_id_than_asked_for_is_told(launch: Launch, reach: Reach, body: Body) -> None:
    box = launch()
    box.store.put("CAM_001", body("S2"), schedule_id="S1")
    with pytest.raises(AnswerError, match=r"the id 'S2', and 'S1' was asked for"):
        reach(box).schedule("CAM_001", "S1")


def test_an_etag_guards_a_write(launch: Launch, reach: Reach, body: Body) -> None:
    box = launch()
    box.store.put("CAM_001", body())
    tenant = reach(box)
    etag = tenant.schedule("CAM_001", "S1").etag
    assert etag is not None
    assert tenant.put(tenant.put_request(body(name="Mine")), etag).status == 200
    with pytest.raises(PreconditionError) as caught:
        tenant.put(tenant.put_request(body(name="Mine too")), etag)
    assert caught.value.status == 412
    assert box.store.schedules("CAM_001")[0]["name"] == "Mine"


def test_a_tenant_without_etags(launch: Launch, reach: Reach, body: Body) -> None:
    box = launch(options=SandboxOptions(etags=False))
    box.store.put("CAM_001", body())
    assert reach(box).schedule("CAM_001", "S1").etag is None


def test_a_400_names_the_fields(launch: Launch, reach: Reach, body: Body) -> None:
    box = launch()
    tenant = reach(box)
    window = body()["scheduleDetails"][0] | {"predictiveRate": 99}
    with pytest.raises(BadRequestError) as caught:
        tenant.put(tenant.put_request(body(scheduleDetails=[window])), None)
    (fault,) = caught.value.fields
    assert isinstance(fault, FieldFault)
    assert fault.field == "scheduleDetails[0].predictiveRate"
    assert box.store.schedules("CAM_001") == ()


@pytest.mark.parametrize("status", [202, 204, 206])
def test_a_success_that_no_write_has_leaves_the_outcome_open(
    status: int,
    serve: Callable[..., Any],
    with_token: Callable[..., Any],
    http: Callable[..., bytes],
    reach: Reach,
    body: Body,
) -> None:
    tenant = reach(serve(with_token(lambda _: http(status))))
    with pytest.raises(AnswerError) as caught:
        tenant.put(tenant.put_request(body()), None)
    assert caught.value.status == status


@pytest.mark.parametrize("answer", ["", "{}", "[]", "null", '{"id": "S2"}', "<html>", '{"id": "S1", "name": "x"'])
def test_an_answer_to_a_write_that_cannot_be_read_leaves_the_outcome_open(
    answer: str,
    serve: Callable[..., Any],
    with_token: Callable[..., Any],
    http: Callable[..., bytes],
    reach: Reach,
    body: Body,
) -> None:
    tenant = reach(serve(with_token(lambda _: http(201, answer))))
    with pytest.raises(AnswerError) as caught:
        tenant.put(tenant.put_request(body()), None)
    assert caught.value.status == 201


def test_what_a_tenant_says_in_the_place_of_a_schedule_is_told(
    serve: Callable[..., Any],
    with_token: Callable[..., Any],
    http: Callable[..., bytes],
    reach: Reach,
    body: Body,
) -> None:
    tenant = reach(serve(with_token(lambda _: http(200, '{"message": "quota exhausted"}'))))
    with pytest.raises(AnswerError, match="the tenant says: quota exhausted"):
        tenant.put(tenant.put_request(body()), None)


def test_a_write_that_is_answered_too_late_leaves_the_outcome_open(launch: Launch, reach: Reach, body: Body) -> None:
    box = launch()
    tenant = reach(box, limits={"read_timeout": 0.2})
    tenant.schedules("CAM_001")
    box.faults.add(Fault("stall", method="PUT"))
    with pytest.raises(UnreachableError, match=r"did not answer within 0.2 s") as caught:
        tenant.put(tenant.put_request(body()), None)
    assert caught.value.sent
    assert len(box.store.schedules("CAM_001")) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"method": "DELETE"},
        {"path": "/api/v2/dialer/campaigns/CAM_001/schedules/S2"},
        {"path": "@elsewhere.example/S1"},
    ],
)
def test_a_request_that_is_not_its_own_body_s_is_not_sent(
    change: dict[str, str], launch: Launch, reach: Reach, body: Body
) -> None:
    box = launch()
    tenant = reach(box)
    made = tenant.put_request(body())
    request = Request(change.get("method", made.method), change.get("path", made.path), made.body)
    with pytest.raises(TenantError, match="not sent"):
        tenant.put(request, None)
    assert box.log == ()


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    campaign=st.one_of(st.sampled_from([".", "..", "a/b", "%2F", "a?b#c", " "]), st.text(min_size=1, max_size=6)),
    schedule=st.one_of(st.sampled_from([".", "..", "/", "%2e%2E", "\\", "\n", "é"]), st.text(min_size=1, max_size=6)),
)
def test_any_id_reaches_the_tenant_as_it_is(
    campaign: str, schedule: str, launch: Launch, reach: Reach, body: Body
) -> None:
    box = launch(campaigns=[campaign])
    tenant = reach(box)
    written = tenant.put(tenant.put_request(body(schedule, campaignId=campaign)), None)
    assert tenant.schedule(campaign, schedule).schedule == written.schedule
    assert [live.schedule_id for live in tenant.schedules(campaign)] == [schedule]
    assert [held["id"] for held in box.store.schedules(campaign)] == [schedule]
    box.stop()


def test_paths_of_the_settings_are_used(launch: Launch, reach: Reach, body: Body) -> None:
    theirs = {
        "issueToken": "/v3/token",
        "listSchedules": "/v3/{campaignId}/all",
        "getSchedule": "/v3/{campaignId}/one/{scheduleId}",
        "putSchedule": "/v3/{campaignId}/one/{scheduleId}",
    }
    box = launch(options=SandboxOptions(paths=theirs))
    ours = {
        "token": theirs["issueToken"],
        "schedules": theirs["listSchedules"],
        "schedule": theirs["getSchedule"],
    }
    tenant = reach(box, paths=ours)
    tenant.put(tenant.put_request(body()), None)
    assert tenant.schedule("CAM_001", "S1").schedule is not None
    assert len(tenant.schedules("CAM_001")) == 1
    assert [seen.path for seen in box.log] == [
        "/v3/token",
        "/v3/CAM_001/one/S1",
        "/v3/CAM_001/one/S1",
        "/v3/CAM_001/all",
    ]


def test_counts_the_agents_of_all_pages_once(launch: Launch, reach: Reach) -> None:
    box = launch(agents=250)
    box.store.agents = [*box.store.agents, *box.store.agents[:50], {"userId": "X", "status": "LEAVE"}]
    assert reach(box).active_agents() == 250


def test_webhooks_are_registered_and_listed(launch: Launch, reach: Reach) -> None:
    box = launch()
    tenant = reach(box)
    assert tenant.webhooks() == ()
    tenant.register(HOOK)
    assert tenant.webhooks() == (HOOK,)
    assert [hook["name"] for hook in box.store.webhooks] == ["WFM_Sync_S1"]


def test_a_registration_is_one_attempt(launch: Launch, reach: Reach) -> None:
    box = launch()
    tenant = reach(box)
    box.faults.add(Fault("reset-after", method="POST", path="/webhooks"))
    with pytest.raises(UnreachableError) as caught:
        tenant.register(HOOK)
    assert caught.value.sent
    assert tenant.webhooks() == (HOOK,)


@pytest.mark.parametrize("answer", ["{}", "", '{"name": "WFM_Sync_S2", "url": "u", "events": [], "status": "x"}'])
def test_another_webhook_as_the_answer_is_told(
    answer: str,
    serve: Callable[..., Any],
    with_token: Callable[..., Any],
    http: Callable[..., bytes],
    reach: Reach,
) -> None:
    with pytest.raises(AnswerError):
        reach(serve(with_token(lambda _: http(201, answer)))).register(HOOK)


NO_WEBHOOKS = (cxone.READ, cxone.WRITE, cxone.AGENTS, cxone.WEBHOOKS_WRITE)


@pytest.mark.parametrize(
    "options",
    [
        SandboxOptions(grants=NO_WEBHOOKS),
        SandboxOptions(grants=NO_WEBHOOKS, strict_scopes=True),
        SandboxOptions(grants=NO_WEBHOOKS, names_scopes=False),
    ],
    ids=["not-granted", "refused", "unnamed"],
)
def test_without_the_scope_webhooks_are_unknown_and_all_else_works(
    options: SandboxOptions, launch: Launch, reach: Reach
) -> None:
    box = launch(options=options)
    tenant = reach(box)
    assert tenant.webhooks() is None
    assert tenant.active_agents() == 200
    tenant.register(HOOK)
    assert len(box.store.webhooks) == 1


def test_webhooks_nobody_asked_for_are_unknown(launch: Launch, reach: Reach) -> None:
    box = launch()
    assert reach(box, scopes=(cxone.READ,)).webhooks() is None
    assert [seen.path for seen in box.log] == ["/oauth/token"]


def test_a_missing_scope_is_named(launch: Launch, reach: Reach, body: Body) -> None:
    box = launch(options=SandboxOptions(grants=(cxone.READ,), names_scopes=False))
    tenant = reach(box, scopes=(cxone.READ, cxone.AGENTS))
    with pytest.raises(ScopeError, match=cxone.AGENTS):
        tenant.active_agents()
    with pytest.raises(ScopeError) as caught:
        tenant.put(tenant.put_request(body()), None)
    assert f"missing {cxone.WRITE}" in caught.value.hint


def test_a_plan_s_reads_send_nothing_but_get_and_the_token_post(launch: Launch, reach: Reach, body: Body) -> None:
    box = launch()
    box.store.put("CAM_001", body())
    scopes = (cxone.READ, cxone.AGENTS, cxone.WEBHOOKS_READ)
    tenant = reach(box, scopes=scopes)
    tenant.campaigns(), tenant.schedules("CAM_001"), tenant.schedule("CAM_001", "S1")
    tenant.active_agents(), tenant.webhooks()
    methods = [(seen.method, seen.path == "/oauth/token") for seen in box.log]
    assert methods == [("POST", True), *[("GET", False)] * 6]
    assert {seen.scope for seen in box.log[1:]} == {" ".join(sorted(scopes))}


def test_two_tenants_keep_apart(launch: Launch, reach: Reach, body: Body) -> None:
    boxes = [launch(client_secret=f"s3cret-{number}") for number in range(2)]
    tenants = [reach(box, secret=f"s3cret-{number}") for number, box in enumerate(boxes)]

    def write(number: int) -> None:
        for index in range(20):
            request = tenants[number].put_request(body(f"T{number}-{index}"))
            tenants[number].put(request, None)

    threads = [threading.Thread(target=write, args=(number,)) for number in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for number, box in enumerate(boxes):
        assert {schedule["id"] for schedule in box.store.schedules("CAM_001")} == {f"T{number}-{n}" for n in range(20)}
        assert {seen.status for seen in box.log} == {200, 201}
