"""What a tenant holds, and what of that was read completely: against a sandbox that misbehaves."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from typing import Any, ClassVar

import pytest

from reconciler import cxone
from reconciler.dialect import Dialect
from reconciler.errors import TenantError, UnauthorizedError
from reconciler.findings import Location, Severity
from reconciler.model import Live
from reconciler.observe import BREAKER, Wanted, observe
from reconciler.sandbox import SCOPES, Fault, Sandbox, SandboxOptions
from reconciler.settings import RequestLimits, TenantSettings
from tests.support.apply_world import schedule, webhook
from tests.support.clocks import JumpingClock

READ = (cxone.READ, cxone.AGENTS, cxone.WEBHOOKS_READ)
PLACE = Location("schedules/a.yaml", 1)


@pytest.fixture
def connect() -> Iterator[Callable[..., tuple[Sandbox, Dialect]]]:
    """Starts a sandbox with three campaigns and connects to it; keywords are options of the sandbox."""
    with contextlib.ExitStack() as stack:

        def connected(**options: Any) -> tuple[Sandbox, Dialect]:
            box = Sandbox(campaigns=["C1", "C2", "C3"], agents=5, options=SandboxOptions(**options))
            stack.enter_context(box)
            for campaign in ("C3", "C1"):
                for number in ("2", "1"):
                    box.store.put(campaign, schedule(campaign, f"S{number}", f"No {number}"))
            settings = TenantSettings(
                "acme", box.base_uri, Location("tenant.yaml", 1), "", requests=RequestLimits(attempts=2)
            )
            dialect = stack.enter_context(
                cxone.connect(
                    settings,
                    cxone.Credentials(box.client_id, box.client_secret),
                    READ,
                    stop=threading.Event(),
                    environ={},
                    clock=JumpingClock(),
                )
            )
            return box, dialect

        yield connected


Connect = Callable[..., tuple[Sandbox, Dialect]]


def codes(live: Live) -> list[tuple[str, str]]:
    """What was found."""
    return [(finding.severity.value, finding.code) for finding in live.findings]


@pytest.mark.parametrize("concurrency", [1, 8])
@pytest.mark.parametrize("page_size", [1, 100])
def test_everything_that_is_wanted_is_read_and_sorted(connect: Connect, concurrency: int, page_size: int) -> None:
    box, dialect = connect(page_size=page_size)
    box.store.webhooks = [webhook("S1"), webhook("S0")]

    live = observe(dialect, Wanted(("C3", "C1"), agents=True, webhooks=True), concurrency)

    assert [campaign.campaign_id for campaign in live.campaigns] == ["C1", "C3"]
    assert [schedule.schedule_id for schedule in live.campaigns[0].schedules] == ["S1", "S2"]
    assert live.agents == 5
    assert live.webhooks is not None
    assert [hook.name for hook in live.webhooks] == ["WFM_Sync_S0", "WFM_Sync_S1"]
    assert live.findings == ()


def test_nothing_else_is_asked(connect: Connect) -> None:
    box, dialect = connect()

    live = observe(dialect, Wanted(("C1",)), 8)

    assert (live.agents, live.webhooks) == (None, None)
    assert [seen.path for seen in box.log] == ["/oauth/token", "/api/v2/dialer/campaigns/C1/schedules"]


def test_nothing_wanted_is_nothing_asked(connect: Connect) -> None:
    box, dialect = connect()

    assert observe(dialect, Wanted(()), 8) == Live(())
    assert box.log == ()


def test_progress_counts_to_the_end(connect: Connect) -> None:
    _, dialect = connect()
    seen: list[tuple[int, int]] = []

    observe(dialect, Wanted(("C1", "C2"), ("C3",), agents=True), 8, lambda done, total: seen.append((done, total)))

    assert seen == [(1, 4), (2, 4), (3, 4), (4, 4)]


@pytest.mark.parametrize("kind", ["500", "malformed-json", "html", "redirect", "403"])
def test_one_campaign_that_cannot_be_read_hides_no_other(connect: Connect, kind: str) -> None:
    box, dialect = connect()
    location = "https://elsewhere.example.com" if kind == "redirect" else None
    box.faults.add(Fault(kind, path="C1/schedules", times=None, location=location))

    live = observe(dialect, Wanted(("C1", "C2", "C3")), 8)

    assert [campaign.campaign_id for campaign in live.campaigns] == ["C2", "C3"]
    assert codes(live) == [("error", "campaign-unreadable")]
    assert "campaign C1 could not be read completely" in live.findings[0].message


def test_a_second_page_that_fails_leaves_no_half_campaign(connect: Connect) -> None:
    box, dialect = connect(page_size=1)
    box.faults.add(Fault("500", path=r"C1/schedules\?page=2", times=None))

    live = observe(dialect, Wanted(("C1", "C3")), 8)

    assert [campaign.campaign_id for campaign in live.campaigns] == ["C3"]
    assert codes(live) == [("error", "campaign-unreadable")]


def test_a_campaign_that_is_not_there_has_its_place(connect: Connect) -> None:
    _, dialect = connect()

    live = observe(dialect, Wanted(("C1", "C9"), places={"C9": PLACE}), 8)

    assert codes(live) == [("error", "campaign-not-found")]
    assert live.findings[0].location == PLACE
    assert [campaign.campaign_id for campaign in live.campaigns] == ["C1"]


def test_a_released_campaign_that_is_gone_is_no_finding(connect: Connect) -> None:
    _, dialect = connect()

    live = observe(dialect, Wanted(("C1",), released=("C9", "C3")), 8)

    assert live.findings == ()
    assert [campaign.campaign_id for campaign in live.campaigns] == ["C1", "C3"]


def test_agents_that_cannot_be_read_are_an_error(connect: Connect) -> None:
    box, dialect = connect()
    box.store.agents = [{"userId": "U1"}]

    live = observe(dialect, Wanted(("C1",), agents=True), 8)

    assert live.agents is None
    assert codes(live) == [("error", "agents-unreadable")]


def test_webhooks_that_cannot_be_read_are_a_warning(connect: Connect) -> None:
    box, dialect = connect()
    box.faults.add(Fault("500", path="webhooks", times=None))

    live = observe(dialect, Wanted(("C1",), webhooks=True), 8)

    assert live.webhooks is None
    assert codes(live) == [("warning", "webhooks-unreadable")]
    assert len(live.campaigns) == 1


@pytest.mark.parametrize("strict", [True, False])
def test_webhooks_without_the_scope_are_a_warning(connect: Connect, *, strict: bool) -> None:
    _, dialect = connect(grants=tuple(scope for scope in SCOPES if scope != "webhooks:read"), strict_scopes=strict)

    live = observe(dialect, Wanted(("C1",), webhooks=True), 8)

    assert live.webhooks is None
    assert codes(live) == [("warning", "webhooks-unreadable")]
    assert "scope webhooks:read" in live.findings[0].message


def test_refused_credentials_are_raised_and_asked_for_once(connect: Connect) -> None:
    box, dialect = connect()
    box.faults.add(Fault("401", path="oauth", times=None))

    with pytest.raises(UnauthorizedError):
        observe(dialect, Wanted(("C1", "C2", "C3"), agents=True, webhooks=True), 8)

    assert [seen.path for seen in box.log] == ["/oauth/token"]


def test_a_token_that_is_refused_even_when_new_is_raised(connect: Connect) -> None:
    box, dialect = connect()
    box.faults.add(Fault("401", path="C2", times=None))

    with pytest.raises(UnauthorizedError):
        observe(dialect, Wanted(("C1", "C2", "C3")), 1)


def test_a_tenant_that_is_down_is_not_asked_for_all(connect: Connect) -> None:
    box, dialect = connect()
    names = tuple(f"C{number}" for number in range(50))
    box.faults.add(Fault("503", method="GET", times=None))

    live = observe(dialect, Wanted(names), 1)

    assert len(live.findings) == 50
    assert {finding.severity for finding in live.findings} == {Severity.ERROR}
    tried = sum(seen.method == "GET" for seen in box.log) / 2  # two attempts each
    assert BREAKER <= tried <= BREAKER + 2
    assert "was not tried" in live.findings[-1].message


def test_a_machine_that_starts_no_thread_reads_all_the_same(connect: Connect) -> None:
    _, dialect = connect()
    usual = threading.stack_size(1 << 46)  # no machine has room for such a stack
    try:
        live = observe(dialect, Wanted(("C1", "C2", "C3"), agents=True), 8)
    finally:
        threading.stack_size(usual)

    assert [campaign.campaign_id for campaign in live.campaigns] == ["C1", "C2", "C3"]
    assert (live.agents, live.findings) == (5, ())


def test_a_defect_is_raised() -> None:
    class Defective:
        unread: ClassVar[dict[str, Any]] = {}

        def schedules(self, _campaign_id: str) -> Any:
            raise ZeroDivisionError("in the codec")

    with pytest.raises(ZeroDivisionError):
        observe(Defective(), Wanted(("C1",)), 8)  # type: ignore[arg-type]  # only what is called is there


def test_an_error_with_a_hint_is_told_with_it() -> None:
    class Refusing:
        unread: ClassVar[dict[str, Any]] = {}

        def schedules(self, _campaign_id: str) -> Any:
            raise TenantError("it failed", hint="do this")

    live = observe(Refusing(), Wanted(("C1",)), 8)  # type: ignore[arg-type]  # only what is called is there

    assert live.findings[0].message.endswith("it failed; do this")
