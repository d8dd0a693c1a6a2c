"""Plan, result and findings as JSON documents, and a saved plan back as values.

Pipelines, dashboards and `apply --plan` rely on these documents, so a plan loses nothing on its way through one:
`parse_plans(json.dumps(plans_document(plans))) == plans`. The digest says whether the writes are the agreed ones; here
is refused what the digest does not cover: a change whose words (campaign, schedule, action) do not fit its request.

The document of a result says which campaigns `--keep-going` left out (`leftOut`) and why a run ended early (`stopped`): a
reader of the document alone must not take such a run for a whole one.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from .. import canonical
from ..errors import RefusedError
from ..findings import Finding, Location, Severity
from ..model import (
    WEEKDAYS,
    Action,
    Change,
    ClosedDay,
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
    WeekHours,
)
from ..model.results import Result, Status, WebhookResult, WriteError, WriteResult
from ..origins import origins_of
from ..strict_json import decode_json
from ..week import impact
from .kinds import (
    ANY,
    DATE,
    FLAG,
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

FORMAT_VERSION = "1"

MAX_PLAN_CHARACTERS = 512 * 1024 * 1024
"""About five times the plan of 100,000 creates; a larger file is no plan."""

_MAX_DEPTH = 60
_DAY = 86_400
_TOO_DEEP = "the plan file cannot be read: its values are nested too deeply"

_TEXT_OR_NULL = replace(nullable(TEXT), to_json=lambda text: text or None, from_json=lambda text, _: text or "")
_FIGURE = replace(NUMBER, to_json=canonical.number)
_PLACE = record(Location, file=TEXT, line=count(1), column=count(1, missing=1))
_REQUEST = record(Request, method=TEXT, path=TEXT, body=OBJECT)
_FIELD = record(
    FieldChange,
    path=TEXT,
    live=ANY,
    desired=ANY,
    origin=optional(word(Origin)),
    source=optional(_PLACE),
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
    source=optional(_PLACE),
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
_REPORTED = record(Finding, severity=word(Severity), code=TEXT, message=TEXT)
_NEW = optional(FLAG)


def _finding(holder: JsonObject, way: str) -> Finding:
    finding: Finding = _REPORTED.from_json(holder, way)
    new = _NEW.read(holder, "new", way)
    placed = holder.get("file") is not None
    return replace(finding, location=_PLACE.from_json(holder, way) if placed else None, new=new)


def finding_document(finding: Finding) -> JsonObject:
    """One finding; file, line and column are null when it is about the tenant, and `new` is there where it is known."""
    place = finding.location
    where = _PLACE.to_json(place) if place is not None else {"file": None, "line": None, "column": None}
    return {**_REPORTED.to_json(finding), **where, **({"new": finding.new} if finding.new is not None else {})}


def _impact_document(of: Impact) -> JsonObject:
    return {
        "dialingHours": {"live": canonical.number(of.live_hours), "desired": canonical.number(of.desired_hours)},
        "callsPerWeek": {"live": of.live_calls, "desired": of.desired_calls},
        "openedDays": list(of.opened_days),
        "closedDays": list(of.closed_days),
    }


_SIDES = (("base", "inBase"), ("applied", "inApplied"))


def _change_document(change: Change) -> JsonObject:
    """The impact is said for readers of the document, and never read back: it follows from the bodies. Of what is not
    known, or as live, of other revisions nothing is said."""
    document = _CHANGE.to_json(change)
    for field in document["fields"]:
        for key, known in _SIDES:
            if document[known] is None or field[key] == field["live"]:
                del field[key]
    for holder in (document, *document["fields"]):
        for key in {"inBase", "inApplied", "askedBy", "askedOn"} & holder.keys():
            if holder[key] is None:
                del holder[key]
    return {**document, "impact": _impact_document(impact([change]))}


def _change(holder: JsonObject, way: str) -> Change:
    """One change. The digest covers body and fingerprint; what it does not cover must say the same."""
    change: Change = _CHANGE.from_json(holder, way)
    as_live = [
        {key: field.get("live") for key, known in _SIDES if holder.get(known) is not None and key not in field}
        for field in holder["fields"]
    ]
    fields = zip(change.fields, as_live, strict=True)
    change = replace(change, fields=tuple(field._replace(**sides) for field, sides in fields))
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


def _plan_with(summary: int, **values: Any) -> Plan:
    return Plan(unchanged=summary, **values)


_SUMMARY = replace(OBJECT, from_json=lambda holder, way: count().read(holder, "unchanged", way))
_PLAN = record(
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
    findings=many(replace(_REPORTED, to_json=finding_document, from_json=_finding)),
    touched=replace(many(_TOUCHED), missing=()),
    narrowed_to=TEXTS,
    partial=replace(FLAG, missing=False),
    applied=optional(TEXT),
    refusals=replace(many(_REFUSAL), missing=()),
    calling_hours=optional(_HELD),
    closures=replace(many(_CLOSED_DAY), missing=()),
    released=replace(many(_RELEASED), missing=()),
)


def plans_document(plans: Sequence[Plan]) -> JsonObject:
    """One document of all plans: of one tenant the plan itself, of several `{"formatVersion", "plans"}`."""
    if len(plans) == 1:
        return plan_document(plans[0])
    return {"formatVersion": FORMAT_VERSION, "plans": [plan_document(plan) for plan in plans]}


def plan_document(plan: Plan) -> JsonObject:
    """The document of one tenant's plan."""
    return {"formatVersion": FORMAT_VERSION, **_PLAN.to_json(plan), "impact": _impact_document(impact(plan.changes))}


def findings_document(findings: Sequence[Finding], files: int, schedules: int) -> JsonObject:
    """The document of `validate`: how much was read (`files`, `schedules`), and what is wrong with it."""
    severities = Counter(finding.severity for finding in findings)
    return {
        "summary": {
            "files": files,
            "schedules": schedules,
            "errors": severities[Severity.ERROR],
            "warnings": severities[Severity.WARNING],
        },
        "findings": [finding_document(finding) for finding in findings],
    }


_ERROR = record(WriteError, code=TEXT, message=TEXT, field=optional(TEXT), hint=optional(TEXT), retryable=FLAG)
_WRITE = record(
    WriteResult,
    campaign_id=TEXT,
    schedule_id=TEXT,
    action=word(Action),
    status=word(Status),
    http_status=optional(count()),
    attempts=count(),
    latency_ms=optional(count()),
    live_status=optional(TEXT),
    errors=many(_ERROR),
)
_REGISTERED = record(WebhookResult, name=TEXT, status=word(Status), errors=many(_ERROR))
_RESULT = record(
    Result,
    tenant=TEXT,
    run_id=TEXT,
    digest=optional(TEXT),
    revision=optional(TEXT),
    summary=OBJECT,
    results=many(_WRITE),
    webhooks=many(_REGISTERED),
    latency_ms=OBJECT,
    converged=FLAG,
    interrupted=FLAG,
    journal_head=optional(TEXT),
    left_out=TEXTS,
    stopped=optional(TEXT),
)


def results_document(results: Sequence[Result]) -> JsonObject:
    """One document of all results: of one tenant the result itself, of several `{"formatVersion", "applies"}`."""
    if len(results) == 1:
        return result_document(results[0])
    return {"formatVersion": FORMAT_VERSION, "applies": [result_document(result) for result in results]}


def result_document(result: Result) -> JsonObject:
    """The document of what an apply did to one tenant."""
    return {"formatVersion": FORMAT_VERSION, **_RESULT.to_json(result)}


def read_plans(file: Path) -> tuple[Plan, ...]:
    """The plans of a file; RefusedError where it cannot be read or is no plan."""
    try:
        if file.stat().st_size > 4 * MAX_PLAN_CHARACTERS:
            raise RefusedError(f"the plan {file} is too large to be one")
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise RefusedError(f"the plan {file} cannot be read: {reason}") from None
    plans = parse_plans(text)
    if not plans:
        raise RefusedError(f"the file {file} holds no plan at all")
    return plans


def parse_plans(text: str) -> tuple[Plan, ...]:
    """The plans of a saved plan file, of one tenant or of several.

    Raises RefusedError, saying what is wrong and where, for anything that is not a whole plan of this format version.
    """
    root = _load(text)
    _check_version(root, "")
    if "plans" not in root:
        return (_plan(root, ""),)
    plans: tuple[Plan, ...] = many(Kind("an object", OBJECT.fits, from_json=_plan)).read(root, "plans", "")
    if len({plan.tenant for plan in plans}) < len(plans):
        refuse_document("the plan file cannot be read: it holds two plans of one tenant")
    return plans


def _plan(holder: JsonObject, way: str) -> Plan:
    _check_version(holder, way)
    plan: Plan = _PLAN.from_json(holder, way)
    if len({change.key for change in plan.changes}) < len(plan.changes):
        where = f"{way}.changes" if way else "changes"
        refuse_document(f"the plan file cannot be read: {where} holds two changes of one schedule")
    for revision, attribute in ((plan.base, "in_base"), (plan.applied, "in_applied")):
        if any((getattr(change, attribute) is None) != (revision is None) for change in plan.changes):
            refuse_document("the plan file cannot be read: its changes do not fit its base and applied revision")
    return plan


def _load(text: str) -> JsonObject:
    if len(text) > MAX_PLAN_CHARACTERS:
        refuse_document(f"the plan file is too large: more than {MAX_PLAN_CHARACTERS} characters")
    try:
        value = decode_json(text.removeprefix("\ufeff"))
    except RecursionError:
        refuse_document(_TOO_DEEP)
    except json.JSONDecodeError as error:
        refuse_document(f"the plan file is not JSON: {error.msg} (line {error.lineno}, column {error.colno})")
    except ValueError as error:
        refuse_document(f"the plan file cannot be read: {error}")
    if not isinstance(value, dict):
        refuse_document("the plan file holds no plan: it is JSON, but not an object")
    _check_depth(value)
    return value


def _check_depth(value: JsonObject) -> None:
    """Refuse what other stages could not walk by recursion, level by level so that this one does not recurse."""
    level: list[Any] = [value]
    for _ in range(_MAX_DEPTH):
        below = [child for node in level for child in (node.values() if isinstance(node, dict) else node)]
        level = [child for child in below if isinstance(child, (dict, list))]
        if not level:
            return
    refuse_document(_TOO_DEEP)


def _check_version(holder: JsonObject, way: str) -> None:
    version = holder.get("formatVersion")
    if version != FORMAT_VERSION:
        what = "no formatVersion" if version is None else f"formatVersion {ascii(version)[:40]}"
        refuse_document(
            f"the plan file cannot be read: {f'{way} ' if way else 'the file '}has {what}, and this version of the "
            f'reconciler reads formatVersion "{FORMAT_VERSION}" only'
        )
