"""Schedules for tests, written as a campaign file or a tenant writes them: few words for what a test is about, defaults
for the rest. What is built goes through the program's own canonical form and codec."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from reconciler import canonical
from reconciler.cxone.codec import decode
from reconciler.desired.schedules import blackouts_at, window_at
from reconciler.diff import field_changes
from reconciler.findings import Location
from reconciler.model import (
    WEEKDAYS,
    Action,
    Change,
    DesiredSchedule,
    FieldChange,
    JsonObject,
    LiveSchedule,
    Path,
    Request,
)
from reconciler.settings import TenantSettings

CAMPAIGN = "CAM_001"
FILE = "schedules/cam_001.yaml"
SETTINGS = TenantSettings(
    "acme", "https://api.usw2.niceincontact.com", Location("schedules/tenant.yaml", 1), "schedules"
)


def window(day: str = "MONDAY", start: str = "09:00", end: str = "17:00", **fields: Any) -> JsonObject:
    """One window of one day; `fields` replace the caps or add what the API does not know."""
    return {
        "dayOfWeek": day,
        "startTime": start,
        "endTime": end,
        "maxCallsPerDay": 5000,
        "maxCallsPerHour": 800,
        "predictiveRate": 1.2,
        "maxCallsPerAgentPerDay": 150,
        **fields,
    }


def blackout(start: str = "12:00", end: str = "13:00", reason: str = "LUNCH_BREAK", **fields: Any) -> JsonObject:
    """One blackout period."""
    return {"startTime": start, "endTime": end, "reason": reason, **fields}


def rules(*pauses: str, **fields: Any) -> JsonObject:
    """Compliance rules with these regulatory pauses."""
    return {"regulatoryPauses": list(pauses), "agentAvailabilityProjection": True, **fields}


def schedule(name: str = "Weekday calling", **fields: Any) -> JsonObject:
    """A schedule as the API has it, less its ids."""
    return {
        "name": name,
        "timezone": "America/New_York",
        "scheduleDetails": [window()],
        "blackoutPeriods": [blackout()],
        "complianceRules": rules("NCDOJ", "TCPA"),
        **fields,
    }


@dataclass(frozen=True, slots=True)
class OneLine:
    """Places of an entry of which only the line is known; the column tells how deep the path was, a key's is 100 more."""

    line: int

    def locate(self, path: Path = (), *, key: bool = False) -> Location:
        """See `model.Places`."""
        return Location(FILE, self.line, 1 + len(path) + 100 * key)


def content(raw: Mapping[str, Any]) -> JsonObject:
    """The canonical content of a raw schedule."""
    return canonical.content(
        raw["name"],
        raw["timezone"],
        raw["scheduleDetails"],
        raw["blackoutPeriods"],
        raw["complianceRules"],
    )


def entry(
    raw: Mapping[str, Any], *, pinned: str | None = None, campaign: str = CAMPAIGN, line: int = 4
) -> DesiredSchedule:
    """The entry of a campaign file that says `raw`, one day a window."""
    return DesiredSchedule(
        campaign_id=campaign,
        name=raw["name"],
        pinned_id=pinned,
        content=content(raw),
        windows=tuple(
            window_at(window, ("scheduleDetails", index)) for index, window in enumerate(raw["scheduleDetails"])
        ),
        blackouts=blackouts_at(
            {("blackoutPeriods", index): blackout for index, blackout in enumerate(raw["blackoutPeriods"])}
        ),
        jurisdictions=(),
        places=OneLine(line),
    )


def live(
    raw: Mapping[str, Any], schedule_id: str | None = None, *, campaign: str = CAMPAIGN, **extras: Any
) -> LiveSchedule:
    """What the tenant holds when it answers with `raw` and further top-level fields; the id is the derived one."""
    known = schedule_id if schedule_id is not None else canonical.derived_id(campaign, raw["name"])
    return decode({**raw, "id": known, "campaignId": campaign, **extras}, campaign)


def change_of(before: JsonObject | None, after: JsonObject, base: JsonObject | None = None) -> Change:
    """The change from one schedule (as `builders.schedule` makes them) to another, against a base where it is given."""
    will, held = (content(raw) if raw is not None else None for raw in (after, before))
    assert will is not None
    fields: tuple[FieldChange, ...] = ()
    if held is not None:
        at_base = content(base) if base is not None else None
        fields = field_changes(entry(after), will, held, at_base, with_base=base is not None)
    request = Request("PUT", "/", canonical.body("C", "i", will))
    action = Action.CREATE if held is None else Action.UPDATE
    old = canonical.body("C", "i", held) if held is not None else None
    return Change(action, "C", "i", after["name"], request, fields, old, None if held is None else "sha256:0")


def put_body(schedule_id: str = "S1", **changes: Any) -> JsonObject:
    """A valid PUT body with one window and one blackout; keywords change its top level."""
    window = {
        "dayOfWeek": "MONDAY",
        "startTime": "09:00:00",
        "endTime": "17:00:00",
        "maxCallsPerDay": 5000,
        "maxCallsPerHour": 500,
        "predictiveRate": 1.2,
        "maxCallsPerAgentPerDay": 150,
    }
    lunch = {"startTime": "12:00:00", "endTime": "13:00:00", "reason": "LUNCH_BREAK"}
    return {
        "id": schedule_id,
        "name": "Weekday calling",
        "campaignId": "CAM_001",
        "timezone": "America/New_York",
        "scheduleDetails": [window],
        "blackoutPeriods": [lunch | {"appliesToAllDays": True}],
        "complianceRules": {
            "regulatoryPauses": ["NCDOJ", "TCPA"],
            "agentAvailabilityProjection": True,
            "enableComplianceInjection": True,
        },
    } | changes


def put_request(body: JsonObject) -> Request:
    """How the tests' tenant writes a schedule."""
    return Request("PUT", f"/campaigns/{body['campaignId']}/schedules/{body['id']}", body)


_CLOCKS = st.integers(0, 86399).map(canonical.clock) | st.sampled_from(["00:00:00", "09:00:00", "12:30:00"])
_NAMES = st.text(st.just(" ") | st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=9)
_RATES = st.integers(1, 3) | st.sampled_from([0.1, 1.2, 2.75])
_PAUSES = ("NCDOJ", "TCPA", "FCC", "STATE_SPECIFIC")


@st.composite
def _windows(draw: st.DrawFn) -> JsonObject:
    caps = st.integers(1, 100000)
    return window(
        draw(st.sampled_from(WEEKDAYS)),
        draw(_CLOCKS),
        draw(_CLOCKS),
        maxCallsPerDay=draw(caps),
        predictiveRate=draw(_RATES),
    )


_BLACKOUTS = st.builds(
    blackout,
    _CLOCKS,
    _CLOCKS,
    st.sampled_from(["LUNCH_BREAK", "LUNCH_BREAK #2", "é'][\"", "__x__"]),
    appliesToAllDays=st.booleans(),
)


@st.composite
def schedules(draw: st.DrawFn) -> JsonObject:
    """Any schedule as the API has it, complete and in its one spelling, with no two windows of one day and start."""
    return schedule(
        draw(_NAMES),
        timezone=draw(st.sampled_from(["America/New_York", "America/Phoenix", "UTC"])),
        scheduleDetails=draw(st.lists(_windows(), min_size=1, max_size=5, unique_by=canonical.window_key)),
        blackoutPeriods=draw(st.lists(_BLACKOUTS, max_size=4)),
        complianceRules={
            "regulatoryPauses": draw(st.lists(st.sampled_from(_PAUSES), unique=True)),
            "agentAvailabilityProjection": draw(st.booleans()),
            "enableComplianceInjection": draw(st.booleans()),
        },
    )


@st.composite
def respelled(draw: st.DrawFn, raw: JsonObject) -> JsonObject:
    """The same schedule as a tenant may answer it: in another order and spelling, with repeats, with fields left out that
    have a default, and with fields that the tenant manages."""
    repeats = draw(st.lists(st.sampled_from(raw["blackoutPeriods"]), max_size=2)) if raw["blackoutPeriods"] else []
    blackouts = draw(st.permutations([*raw["blackoutPeriods"], *repeats]))
    answer = {
        **raw,
        "scheduleDetails": [_spelled(draw, window) for window in draw(st.permutations(raw["scheduleDetails"]))],
        "blackoutPeriods": [_spelled(draw, blackout, "appliesToAllDays") for blackout in blackouts],
        "complianceRules": _spelled(draw, raw["complianceRules"], "enableComplianceInjection"),
    }
    pauses = raw["complianceRules"]["regulatoryPauses"]
    answer["complianceRules"]["regulatoryPauses"] = draw(st.permutations([*pauses, *pauses[:1]]))
    if not blackouts and draw(st.booleans()):
        del answer["blackoutPeriods"]
    return {key: answer[key] for key in draw(st.permutations(sorted(answer)))} | _managed(draw)


def _spelled(draw: st.DrawFn, item: Mapping[str, Any], default: str = "") -> JsonObject:
    result = {key: _spelled_value(draw, value) for key, value in item.items()} | _managed(draw)
    if result.get(default) is True and draw(st.booleans()):
        del result[default]
    return result


def _spelled_value(draw: st.DrawFn, value: Any) -> Any:
    if isinstance(value, str) and value.endswith(":00") and len(value) == len("HH:MM:SS") and draw(st.booleans()):
        return value.removesuffix(":00")
    if type(value) is int and draw(st.booleans()):
        return float(value)
    return value


def _managed(draw: st.DrawFn) -> JsonObject:
    names: Sequence[str] = draw(
        st.lists(st.sampled_from(["status", "version", "modifiedDate", "selfUri"]), unique=True)
    )
    return {name: draw(st.integers(0, 9)) for name in names}


def windows_on(first: int, last: int, start: str, end: str, calls: int = 5000) -> list[JsonObject]:
    """Windows of the weekdays from one to before another, 0 for MONDAY."""
    return [window(day, start, end, maxCallsPerDay=calls) for day in WEEKDAYS[first:last]]


def week_of(*windows: JsonObject, blackouts: list[JsonObject] | None = None) -> JsonObject:
    """A schedule of these windows and blackouts."""
    return schedule(scheduleDetails=list(windows), blackoutPeriods=blackouts or [])
