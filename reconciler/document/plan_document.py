"""A plan as a JSON document, and back as the value that it was: a table for each kind of value in it.

A plan loses nothing on its way through a document: `parse_plans(json.dumps(plans_document(plans))) == plans`. The digest says
whether the writes are the agreed ones; here is refused what the digest does not cover: a change whose words (campaign,
schedule, action) do not fit its request.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from .. import canonical
from ..intervals import WeekHours
from ..model import (
    WEEKDAYS,
    Action,
    Change,
    FieldChange,
    HeldHours,
    Impact,
    JsonObject,
    Origin,
    Plan,
    Refusal,
    Released,
    Request,
    SafetyCheck,
    Touched,
    Unmanaged,
    Webhook,
)
from ..model.closed import ClosedDay
from ..origins import origins_of
from ..week import effect_of, impact
from .finding_document import PLACE, REPORTED, finding_document, read_finding
from .kinds import (
    ANY,
    DATE,
    FLAG,
    FORMAT_VERSION,
    NUMBER,
    OBJECT,
    TEXT,
    TEXTS,
    Kind,
    count,
    many,
    nullable,
    optional,
    record,
    refuse_document,
    word,
)

_DAY = 86_400

_TEXT_OR_NULL = replace(nullable(TEXT), to_json=lambda text: text or None, from_json=lambda text, _: text or "")
_FIGURE = replace(NUMBER, to_json=canonical.number)
_WRITE = record(Request, method=TEXT, path=TEXT, body=OBJECT)


def _request_document(request: Request) -> JsonObject:
    """The body is what is sent; where that is no schedule, the schedule that it stands for comes with it."""
    document: JsonObject = _WRITE.to_json(request)
    return document if request.sent is None else {**document, "body": request.sent, "schedule": request.body}


def _request(holder: JsonObject, way: str) -> Request:
    request: Request = _WRITE.from_json(holder, way)
    if "schedule" not in holder:
        return request
    return request._replace(body=OBJECT.read(holder, "schedule", way), sent=request.body)


_REQUEST = replace(OBJECT, to_json=_request_document, from_json=_request)
_FIELD = record(
    FieldChange,
    path=TEXT,
    live=ANY,
    desired=ANY,
    origin=optional(word(Origin)),
    source=optional(PLACE),
    base=ANY,
    applied=ANY,
    asked_by=optional(TEXT),
    asked_on=optional(DATE),
)


def _read_second(text: Any) -> int:
    """A time of day in seconds; ValueError or TypeError for anything else."""
    return _DAY if text == canonical.clock(_DAY) else canonical.seconds(text)


def _are_hours(value: Any) -> bool:
    try:
        ordered = [_read_second(start) < _read_second(end) for spans in value.values() for start, end in spans]
    except (AttributeError, TypeError, ValueError):
        return False
    return value.keys() == set(WEEKDAYS) and all(ordered)


@lru_cache(maxsize=256)
def _hours_document(week: WeekHours) -> JsonObject:
    """Changes of many schedules share the few weeks that the law allows them."""
    return {
        day: [[canonical.clock(second) for second in span] for span in spans]
        for day, spans in zip(WEEKDAYS, week, strict=True)
    }


_HOURS = Kind(
    "hours by weekday",
    _are_hours,
    _hours_document,
    lambda value, _: tuple(tuple((_read_second(a), _read_second(b)) for a, b in value[day]) for day in WEEKDAYS),
)
_CHANGE = record(
    Change,
    action=word(Action),
    origin=optional(word(Origin)),
    campaign_id=TEXT,
    schedule_id=TEXT,
    name=TEXT,
    source=optional(PLACE),
    fields=many(_FIELD),
    request=_REQUEST,
    before=optional(OBJECT),
    fingerprint=optional(TEXT),
    allowed_hours=optional(_HOURS),
    in_base=optional(FLAG),
    in_applied=optional(FLAG),
    asked_by=optional(TEXT),
)
_REFUSAL = record(Refusal, reason=TEXT, liftable=FLAG)
_HELD = record(HeldHours, rule_data=TEXT, schedules=count(), rules=TEXTS)
_SPANS = Kind(
    "a list of start and end",
    lambda value: _are_hours(dict.fromkeys(WEEKDAYS, value)),
    lambda spans: [[canonical.clock(second) for second in span] for span in spans],
    lambda value, _: tuple((_read_second(start), _read_second(end)) for start, end in value),
)
_CLOSED_DAY = record(ClosedDay, date=DATE, closed=_SPANS, reasons=TEXTS, schedules=count(), hours=_FIGURE)
_WEBHOOK = record(Webhook, name=TEXT, url=TEXT, events=TEXTS, status=replace(TEXT, missing="ENABLED"))
_UNMANAGED = record(Unmanaged, campaign_id=TEXT, schedule_id=TEXT, name=TEXT)
_RELEASED = record(Released, campaign_id=TEXT, schedule_id=TEXT, name=TEXT, body=OBJECT)
_TOUCHED = record(Touched, campaign_id=TEXT, fingerprint=TEXT)
_SAFETY = record(SafetyCheck, limit=TEXT, allowed=_FIGURE, actual=_FIGURE, passed=FLAG)


def _impact_document(of: Impact) -> JsonObject:
    return {
        "dialingHours": {"live": canonical.number(of.live_hours), "desired": canonical.number(of.desired_hours)},
        "callsPerWeek": {"live": of.live_calls, "desired": of.desired_calls},
        "openedDays": list(of.opened_days),
        "closedDays": list(of.closed_days),
    }


_SIDES = (("base", "inBase"), ("applied", "inApplied"))


def _change_document(change: Change) -> JsonObject:
    """Of what is not known, or as live, of other revisions nothing is said."""
    document: JsonObject = _CHANGE.to_json(change)
    for field in document["fields"]:
        for key, known in _SIDES:
            if document[known] is None or field[key] == field["live"]:
                del field[key]
    for holder in (document, *document["fields"]):
        for key in {"inBase", "inApplied", "askedBy", "askedOn"} & holder.keys():
            if holder[key] is None:
                del holder[key]
    return document


def _change(holder: JsonObject, way: str) -> Change:
    """One change. The digest covers body and fingerprint; what it does not cover must say the same."""
    change: Change = _CHANGE.from_json(holder, way)
    as_live = [
        {key: field.get("live") for key, known in _SIDES if holder.get(known) is not None and key not in field}
        for field in holder["fields"]
    ]
    fields = zip(change.fields, as_live, strict=True)
    change = change._replace(fields=tuple(field._replace(**sides) for field, sides in fields))
    body = change.request.body
    for key, value in (("id", change.schedule_id), ("campaignId", change.campaign_id)):
        if body.get(key, value) != value:
            refuse_document(f"the plan file cannot be read: {way} would write another schedule than it names")
    known = [value is not None for value in (change.before, change.fingerprint)]
    if known != [change.action is Action.UPDATE] * 2:
        article, rule = ("an", "needs") if change.action is Action.UPDATE else ("a", "has no")
        refuse_document(f"the plan file cannot be read: {way}: {article} {change.action} {rule} before and fingerprint")
    _check_origins(change, way)
    return change


def _check_origins(change: Change, way: str) -> None:
    """Refuse a change whose origins are not those that its values have: a conflict must not become a change by an edit."""
    own, *fields = origins_of(change)
    if fields != [field.origin for field in change.fields] or change.origin is not own:
        refuse_document(
            f"the plan file cannot be read: the origin of {way} is not the one that its values have: the file was edited, or "
            "saved by an older version"
        )


def _plan_with(summary: tuple[int, int | None], **values: Any) -> Plan:
    unchanged, not_read = summary
    return Plan(unchanged=unchanged, not_read=not_read, **values)


_READ_BACK = (("unchanged", count()), ("notRead", optional(count())))
_SUMMARY = replace(OBJECT, from_json=lambda holder, way: tuple(kind.read(holder, key, way) for key, kind in _READ_BACK))
PLAN = record(
    _plan_with,
    tenant=_TEXT_OR_NULL,
    base_uri=_TEXT_OR_NULL,
    as_of=DATE,
    revision=optional(TEXT),
    dirty=nullable(FLAG),
    base=optional(TEXT),
    digest=optional(TEXT),
    summary=_SUMMARY,
    changes=many(replace(_CHANGE, to_json=_change_document, from_json=_change)),
    webhooks=many(replace(_WEBHOOK, to_json=lambda webhook: {"action": "register", **_WEBHOOK.to_json(webhook)})),
    unmanaged=many(_UNMANAGED),
    safety=many(_SAFETY),
    findings=many(replace(REPORTED, to_json=finding_document, from_json=read_finding)),
    touched=replace(many(_TOUCHED), missing=()),
    narrowed_to=TEXTS,
    partial=replace(FLAG, missing=False),
    applied=optional(TEXT),
    refusals=replace(many(_REFUSAL), missing=()),
    calling_hours=optional(_HELD),
    closures=replace(many(_CLOSED_DAY), missing=()),
    released=replace(many(_RELEASED), missing=()),
)
"""Every key of a plan's document; `from_json` raises RefusedError for what is no plan."""


def plans_document(plans: Sequence[Plan]) -> JsonObject:
    """One document of all plans: of one tenant the plan itself, of several `{"formatVersion", "plans"}`."""
    if len(plans) == 1:
        return plan_document(plans[0])
    return {"formatVersion": FORMAT_VERSION, "plans": [plan_document(plan) for plan in plans]}


def plan_document(plan: Plan) -> JsonObject:
    """The document of one tenant's plan. The impact is said for its readers, and never read back: it follows from the bodies."""
    document = {"formatVersion": FORMAT_VERSION, **PLAN.to_json(plan)}
    effects = tuple(map(effect_of, plan.changes))
    for change, effect in zip(document["changes"], effects, strict=True):
        change["impact"] = _impact_document(impact((effect,)))
    return {**document, "impact": _impact_document(impact(effects))}
