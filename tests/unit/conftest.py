"""Plans and results for everyone who tests what is done with them.

`st.from_type(Plan)` and `st.from_type(Result)` give any plan and result, with other people's text in every text field:
`st.from_type(Hostile)` is such a text. The fixtures give one readable plan and result.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NewType

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from reconciler import canonical
from reconciler.model import (
    WEEKDAYS,
    Action,
    Change,
    FieldChange,
    Finding,
    JsonObject,
    Location,
    Origin,
    Plan,
    Request,
    Result,
    SafetyCheck,
    Severity,
    Status,
    Unmanaged,
    Webhook,
    WebhookResult,
    WriteError,
    WriteResult,
)
from tests.support.builders import put_body

settings.register_profile(
    "unit",
    max_examples=30,
    deadline=None,  # no test fails because a machine is slow
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("unit")

Hostile = NewType("Hostile", str)

_PIECES = (
    *(
        "`",
        "``",
        "```",
        "~~~",
        "|",
        "\\",
        "\\|",
        "*",
        "_",
        "<",
        "&lt;",
        "&#64;",
        "<!--",
        "-->",
        '"',
        "'",
        "[",
        "](",
    ),
    *(
        "</details>",
        "</summary>",
        "</code>",
        "<script>alert(1)</script>",
        "<img src=x onerror=y>",
        "</style>",
    ),
    *(
        "@org/team",
        "#1",
        "GH-1",
        "deadbeef",
        "https://evil.example",
        "www.evil.example",
        "a@b.example",
        ":bomb:",
    ),
    *("[x](http://e)", "![x](http://e)", "<http://e>", "::error::x", "##[error]x", "##vso[x]", "%0A", "%"),
    *(
        "\r\n",
        "\n\n# x",
        "\n- x",
        "\t",
        "\x00",
        "\x1b[2J",
        "\x7f",
        "\x9b",
        "\u202e",
        "\u200b",
        "\u2028",
        "\ud800",
    ),
    *("🙂", "é", "\U000e0041", " ", "  ", "word", "12", "a-b", "(so)"),
)
_HOSTILE = st.lists(st.sampled_from(_PIECES) | st.text(max_size=3), max_size=5).map("".join)
_COUNTS = st.integers(0, 10**5)
_SHAS = st.none() | st.text("0123456789abcdef", min_size=40, max_size=40)


def _windows() -> st.SearchStrategy[list[JsonObject]]:
    each = st.tuples(st.sampled_from(WEEKDAYS), st.integers(0, 86398), st.integers(1, 86399), _COUNTS)
    return st.lists(each, max_size=4, unique_by=lambda key: key[:2]).map(
        lambda found: [make_window(day, start, end, cap) for day, start, end, cap in found]
    )


def make_window(day: str, start: int = 32400, end: int = 61200, cap: int = 5000) -> JsonObject:
    """A canonical window; times in seconds after midnight."""
    return {
        "dayOfWeek": day,
        "startTime": canonical.clock(start),
        "endTime": canonical.clock(end),
        "maxCallsPerDay": cap,
        "maxCallsPerHour": 800,
        "predictiveRate": 1.2,
        "maxCallsPerAgentPerDay": 150,
    }


def make_content(name: str, windows: list[JsonObject], reason: str, pauses: list[str]) -> JsonObject:
    """A schedule's canonical content with a blackout from 12 to 13."""
    blackout = {"startTime": "12:00", "endTime": "13:00", "reason": reason}
    rules = {"regulatoryPauses": pauses, "agentAvailabilityProjection": True}
    return canonical.content(name, "America/New_York", windows, [blackout], rules)


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | _HOSTILE,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(_HOSTILE, inner, max_size=2),
    max_leaves=3,
)
_LOCATIONS = st.builds(Location, _HOSTILE, st.integers(1, 9999), st.integers(1, 999))
_FINDINGS = st.builds(
    Finding,
    st.sampled_from(Severity),
    st.sampled_from(["window-overlap", "recreated", "released", "not-active"]) | _HOSTILE,
    _HOSTILE,
    st.none() | _LOCATIONS,
)
_FIELDS = st.builds(
    FieldChange,
    _HOSTILE | st.just("scheduleDetails[MONDAY 09:00:00].maxCallsPerDay"),
    _VALUES,
    _VALUES,
    st.none() | st.sampled_from(Origin),
    st.none() | _LOCATIONS,
)
_CONTENTS = st.builds(make_content, _HOSTILE, _windows(), _HOSTILE, st.lists(_HOSTILE, max_size=2))


@st.composite
def _changes(draw: st.DrawFn) -> Change:
    campaign, schedule, name = draw(_HOSTILE), draw(_HOSTILE), draw(_HOSTILE)
    update = draw(st.booleans())
    content = draw(_CONTENTS | st.dictionaries(_HOSTILE, _VALUES, max_size=2))
    return Change(
        action=Action.UPDATE if update else Action.CREATE,
        campaign_id=campaign,
        schedule_id=schedule,
        name=name,
        request=Request(
            "PUT", "/" + draw(_HOSTILE), canonical.body(campaign, schedule, {**content, "name": name})
        ),
        fields=tuple(draw(st.lists(_FIELDS, max_size=3))) if update else (),
        before=draw(_CONTENTS) if update else None,
        fingerprint=draw(_HOSTILE) if update else None,
        origin=draw(st.none() | st.sampled_from(Origin)),
        source=draw(st.none() | _LOCATIONS),
    )


def _tuples(each: st.SearchStrategy[Any], most: int = 3, **options: Any) -> st.SearchStrategy[Any]:
    return st.lists(each, max_size=most, **options).map(tuple)


_PLANS = st.builds(
    Plan,
    tenant=_HOSTILE,
    base_uri=_HOSTILE,
    as_of=st.dates().map(str),
    revision=_SHAS,
    dirty=st.booleans(),
    base=_SHAS,
    digest=st.none() | _HOSTILE,
    unchanged=_COUNTS,
    changes=_tuples(_changes(), unique_by=lambda each: (each.campaign_id, each.schedule_id)),
    webhooks=_tuples(st.builds(Webhook, _HOSTILE, _HOSTILE, _tuples(_HOSTILE), st.just("ENABLED"))),
    unmanaged=_tuples(st.builds(Unmanaged, _HOSTILE, _HOSTILE, _HOSTILE)),
    safety=_tuples(
        st.builds(SafetyCheck, _HOSTILE, _COUNTS | st.floats(0, 100), st.floats(0, 100), st.booleans())
    ),
    findings=_tuples(_FINDINGS, most=4),
)
_ERRORS = _tuples(
    st.builds(WriteError, _HOSTILE, _HOSTILE, st.none() | _HOSTILE, st.none() | _HOSTILE, st.booleans()),
    most=2,
)
_RESULTS = st.builds(
    Result,
    tenant=_HOSTILE,
    run_id=_HOSTILE,
    digest=st.none() | _HOSTILE,
    revision=_SHAS,
    results=_tuples(
        st.builds(
            WriteResult,
            _HOSTILE,
            _HOSTILE,
            st.sampled_from(Action),
            st.sampled_from(Status),
            st.none() | st.integers(100, 599),
            st.integers(0, 9),
            st.none() | _COUNTS,
            st.none() | _HOSTILE,
            _ERRORS,
        ),
        most=5,
    ),
    webhooks=_tuples(st.builds(WebhookResult, _HOSTILE, st.sampled_from(Status), _ERRORS)),
    converged=st.booleans(),
    interrupted=st.booleans(),
    journal_head=st.none() | _HOSTILE,
    left_out=_tuples(_HOSTILE),
    stopped=st.none() | _HOSTILE,
)

st.register_type_strategy(Hostile, _HOSTILE)
st.register_type_strategy(Finding, _FINDINGS)
st.register_type_strategy(Plan, _PLANS)
st.register_type_strategy(Result, _RESULTS)

WEEKDAY_ID, WEEKEND_ID = "a1b2c3d4-e5f6-7890-abcd-ef1234567890", "0fd0a6a6-52ab-5b0c-9c1e-3c6a0d2f8b11"
FILE = "schedules/cam_001.yaml"


def _request(schedule_id: str, content: JsonObject) -> Request:
    path = f"/api/v2/dialer/campaigns/CAM_001/schedules/{schedule_id}"
    return Request("PUT", path, canonical.body("CAM_001", schedule_id, content))


def _weekend() -> Change:
    content = make_content("Weekend", [make_window(day) for day in WEEKDAYS[5:]], "LUNCH_BREAK", ["TCPA"])
    return Change(
        Action.CREATE,
        "CAM_001",
        WEEKEND_ID,
        "Weekend",
        _request(WEEKEND_ID, content),
        origin=Origin.DRIFT,
        source=Location(FILE, 30, 5),
    )


def _weekdays() -> Change:
    desired = make_content(
        "Weekday calling",
        [make_window(day, end=66600, cap=4000) for day in WEEKDAYS[:5]],
        "LUNCH_BREAK",
        ["NCDOJ", "TCPA"],
    )
    live = make_content(
        "Weekday", [make_window(day) for day in WEEKDAYS[:6]], "LUNCH_BREAK", ["NCDOJ", "TCPA"]
    )
    monday = "scheduleDetails[MONDAY 09:00:00]"
    fields = (
        FieldChange("name", "Weekday", "Weekday calling", Origin.CHANGE, Location(FILE, 4, 11)),
        FieldChange(f"{monday}.endTime", "17:00:00", "18:30:00", Origin.CONFLICT, Location(FILE, 10, 18)),
        FieldChange(f"{monday}.maxCallsPerDay", 5000, 4000, Origin.CHANGE, Location(FILE, 11, 25)),
        FieldChange(
            "scheduleDetails[SATURDAY 09:00:00]",
            make_window("SATURDAY"),
            None,
            Origin.DRIFT,
            Location(FILE, 8, 5),
        ),
    )
    return Change(
        Action.UPDATE,
        "CAM_001",
        WEEKDAY_ID,
        "Weekday calling",
        _request(WEEKDAY_ID, desired),
        fields,
        canonical.body("CAM_001", WEEKDAY_ID, live),
        "sha256:" + "cd" * 32,
        Origin.CONFLICT,
        Location(FILE, 4, 5),
    )


@pytest.fixture
def plan() -> Plan:
    """A plan that has one of everything."""
    hook = f"WFM_Sync_{WEEKEND_ID}"
    return Plan(
        tenant="acme",
        base_uri="https://api.usw2.niceincontact.com",
        as_of="2026-11-22",
        revision="1234567890abcdef1234567890abcdef12345678",
        dirty=True,
        base="fedcba9876543210fedcba9876543210fedcba98",
        digest="sha256:" + "ab" * 32,
        unchanged=40,
        changes=(_weekdays(), _weekend()),
        webhooks=(Webhook(hook, "https://wfm.example.com/hook", ("campaign.schedule.updated",), "ENABLED"),),
        unmanaged=(Unmanaged("CAM_001", "7d3e", "Console only"),),
        safety=(SafetyCheck("maxChangedPercent", 30, 45.5, False), SafetyCheck("maxChanges", 9.0, 2, True)),
        findings=(
            Finding(
                Severity.NOTICE,
                "unmanaged-field",
                "2 live schedules hold the field 'wrapUp', which an update loses",
            ),
            Finding(
                Severity.WARNING,
                "recreated",
                "schedule 'Weekend' was there before and is gone",
                Location(FILE, 30, 5),
            ),
        ),
    )


@pytest.fixture
def empty_plan() -> Plan:
    """A plan that has nothing to do."""
    return Plan(
        tenant="quiet",
        base_uri="sandbox",
        as_of="2026-11-22",
        revision=None,
        dirty=False,
        base=None,
        digest="sha256:" + "00" * 32,
        unchanged=3,
        changes=(),
        webhooks=(),
        unmanaged=(),
        safety=(),
        findings=(),
    )


@pytest.fixture
def result() -> Result:
    """The result of `plan` on a bad day."""
    refused = WriteError(
        "BAD_REQUEST",
        "must be at most 3",
        "scheduleDetails[0].predictiveRate",
        f"correct the value in {FILE}, line 12, then apply again",
    )
    return Result(
        tenant="acme",
        run_id="2026-11-22T08:00:00Z-1",
        digest="sha256:" + "ab" * 32,
        revision="1234567890abcdef1234567890abcdef12345678",
        results=(
            WriteResult("CAM_001", WEEKDAY_ID, Action.UPDATE, Status.FAILED, 400, 1, 21, None, (refused,)),
            WriteResult("CAM_001", WEEKEND_ID, Action.CREATE, Status.SUCCESS, 201, 2, 340, "ACTIVE"),
            WriteResult("CAM_002", "x", Action.UPDATE, Status.NOT_ATTEMPTED),
        ),
        webhooks=(
            WebhookResult(
                f"WFM_Sync_{WEEKEND_ID}",
                Status.FAILED,
                (WriteError("SERVER_FAILED", "the tenant answered 503", retryable=True),),
            ),
        ),
        converged=False,
        interrupted=True,
        journal_head="sha256:" + "ef" * 32,
        left_out=("CAM_009",),
        stopped="five server failures in a row",
    )


@pytest.fixture
def converged_result() -> Result:
    """A result in which all went well."""
    return Result(
        tenant="acme",
        run_id="2026-11-22T09:00:00Z-2",
        digest="sha256:" + "ab" * 32,
        revision=None,
        results=(WriteResult("CAM_001", WEEKEND_ID, Action.CREATE, Status.SUCCESS, 201, 1, 34, "ACTIVE"),),
        webhooks=(WebhookResult(f"WFM_Sync_{WEEKEND_ID}", Status.SUCCESS),),
        converged=True,
        interrupted=False,
        journal_head="sha256:" + "ef" * 32,
    )


@pytest.fixture
def body() -> Callable[..., JsonObject]:
    """Makes a valid PUT body."""
    return put_body
