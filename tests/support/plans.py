"""Any plan and any result, with other people's text in every text field.

`st.from_type(Plan)` and `st.from_type(Result)` give them once this module is loaded; `st.from_type(Hostile)` is such a text.
"""

from __future__ import annotations

import re
from typing import Any, NewType

from hypothesis import strategies as st

from reconciler import canonical
from reconciler.findings import Finding, Location, Severity
from reconciler.model import (
    WEEKDAYS,
    Action,
    Change,
    FieldChange,
    HeldHours,
    JsonObject,
    Plan,
    Refusal,
    Request,
    SafetyCheck,
    Unmanaged,
    Webhook,
)
from reconciler.model.closed import ClosedDay
from reconciler.model.results import Result, Status, WebhookResult, WriteError, WriteResult
from reconciler.origins import origins_of

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


_FIXED = re.compile(r"(?<=<style>).*?(?=</style>)|(?<=<script>).*?(?=</script>)|'sha256-[^']*'", re.DOTALL)


def without_style(text: str) -> str:
    """A page less its style sheet, its script and their hashes: what expected files hold. Other formats stay as they are."""
    return _FIXED.sub("", text) if text.startswith("<!doctype html>") else text


def _windows() -> st.SearchStrategy[list[JsonObject]]:
    key = st.tuples(st.sampled_from(WEEKDAYS), st.integers(0, 86398), st.integers(1, 86399), _COUNTS)
    return st.lists(key, max_size=4, unique_by=lambda key: key[:2]).map(
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
    source=st.none() | _LOCATIONS,
    base=_VALUES,
    applied=_VALUES,
    asked_by=_SHAS,
    asked_on=st.none() | st.dates().map(str),
)
_CONTENTS = st.builds(make_content, _HOSTILE, _windows(), _HOSTILE, st.lists(_HOSTILE, max_size=2))


_HOURS = st.sampled_from([((28800, 72000),), ((43200, 86400),), (), ((0, 3600), (7200, 7201))]).flatmap(
    lambda day: st.sampled_from([(day,) * 7, (*[day] * 6, ())])
)


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
        request=Request("PUT", "/" + draw(_HOSTILE), canonical.body(campaign, schedule, {**content, "name": name})),
        fields=tuple(draw(st.lists(_FIELDS, max_size=3))) if update else (),
        before=draw(_CONTENTS) if update else None,
        fingerprint=draw(_HOSTILE) if update else None,
        source=draw(st.none() | _LOCATIONS),
        allowed_hours=draw(st.none() | _HOURS),
        in_base=draw(st.booleans()),
        in_applied=draw(st.booleans()),
    )


def with_origins(plan: Plan) -> Plan:
    """The plan with the origins that the values of its changes have, by its base and its applied revision."""
    return plan._replace(changes=tuple(_with_origins(change, plan) for change in plan.changes))


def _with_origins(change: Change, plan: Plan) -> Change:
    based, applied = plan.base is not None, plan.applied is not None
    known = change._replace(
        in_base=change.in_base if based else None,
        in_applied=change.in_applied if applied else None,
        fields=tuple(
            field._replace(base=field.base if based else None, applied=field.applied if applied else None)
            for field in change.fields
        ),
    )
    own, *origins = origins_of(known)
    asked = zip(known.fields, origins, strict=True)
    return known._replace(origin=own, fields=tuple(field._replace(origin=whose) for field, whose in asked))


def _tuples(items: st.SearchStrategy[Any], most: int = 3, **options: Any) -> st.SearchStrategy[Any]:
    return st.lists(items, max_size=most, **options).map(tuple)


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
    changes=_tuples(_changes(), unique_by=lambda change: (change.campaign_id, change.schedule_id)),
    webhooks=_tuples(st.builds(Webhook, _HOSTILE, _HOSTILE, _tuples(_HOSTILE), st.just("ENABLED"))),
    unmanaged=_tuples(st.builds(Unmanaged, _HOSTILE, _HOSTILE, _HOSTILE)),
    safety=_tuples(st.builds(SafetyCheck, _HOSTILE, _COUNTS | st.floats(0, 100), st.floats(0, 100), st.booleans())),
    findings=_tuples(_FINDINGS, most=4),
    touched=st.just(()),
    narrowed_to=st.just(()),
    released=st.just(()),
    partial=st.booleans(),
    applied=_SHAS | st.just("none"),
    refusals=_tuples(st.builds(Refusal, _HOSTILE, st.booleans())),
    calling_hours=st.none() | st.builds(HeldHours, _HOSTILE, _COUNTS, _tuples(_HOSTILE)),
    closures=_tuples(
        st.builds(
            ClosedDay,
            date=st.dates().map(str),
            closed=st.sampled_from([(), ((0, 86_400),), ((3600, 7200), (9000, 9001))]),
            reasons=_tuples(_HOSTILE),
            schedules=_COUNTS,
            hours=st.integers(0, 999) | st.just(1.5),
            taken=st.just(()),
        )
    ),
).map(with_origins)
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
