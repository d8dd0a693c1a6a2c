"""The bodies of requests and answers: JSON, checked as strictly as the contract says, and refusals that say why.

The schemas are the sandbox's own copy of the contract: a tenant does not ask its client for it. Unknown members are allowed,
because a tenant stores them. A compiled validator decides; jsonschema, slower and slow to import, only finds the words for a
body that failed: all faults at once, each with the field that holds it.
"""

from __future__ import annotations

import functools
import json
import math
from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files
from typing import Any

import jsonschema_rs
from werkzeug import Request, Response
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from .. import phrases

Json = dict[str, Any]
FieldError = tuple[str, str]
"""A field's path in the body (`scheduleDetails[0].predictiveRate`) and what is wrong with it."""

_TIME = {"type": "string", "pattern": r"^([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?![\s\S])"}
_TEXT = {"type": "string", "minLength": 1}
_url_holds = jsonschema_rs.validator_for({"type": "string", "format": "uri"}, validate_formats=True)


def encode(value: object) -> str:
    """One value as compact JSON, ASCII only, so that any string of a tenant survives."""
    return json.dumps(value, separators=(",", ":"))


def answer(value: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A JSON answer."""
    return json_answer(encode(value), status, headers)


def json_answer(text: str, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """An answer of JSON that is text already."""
    return Response(text, status, headers, content_type="application/json")


def refusal(
    status: int, message: str, *, errors: Iterable[FieldError] = (), headers: Mapping[str, str] | None = None
) -> Response:
    """An error answer of the contract: `message`, and `errors` where fields are at fault."""
    body: dict[str, Any] = {"message": message}
    if found := [{"field": field, "message": text} for field, text in errors]:
        body["errors"] = found
    return answer(body, status, headers)


class Refused(Exception):  # noqa: N818  # a way out of a handler with an answer, not an error of this program
    """Ends the handling of a request with `response`."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status)
        self.response = response


def from_http_exception(error: HTTPException) -> Response:
    """Werkzeug's own refusals (404, 405, a bad Host) as the JSON that the contract asks for."""
    headers: dict[str, str] = {}
    if isinstance(error, MethodNotAllowed):
        headers["Allow"] = ", ".join(sorted(error.valid_methods or ()))
    return refusal(error.code or 500, error.description or error.name, headers=headers)


def _object(**properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "required": sorted(properties), "properties": properties}


def _whole(maximum: int) -> dict[str, Any]:
    return {"type": "integer", "minimum": 1, "maximum": maximum}


def _choice(*values: str) -> dict[str, Any]:
    return {"type": "string", "enum": list(values)}


_WINDOW = _object(
    dayOfWeek=_choice("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"),
    startTime=_TIME,
    endTime=_TIME,
    maxCallsPerDay=_whole(100_000),
    maxCallsPerHour=_whole(10_000),
    predictiveRate={"type": "number", "minimum": 0.1, "maximum": 3.0},
    maxCallsPerAgentPerDay=_whole(500),
)

_BLACKOUT = _object(
    startTime=_TIME,
    endTime=_TIME,
    reason={"type": "string", "minLength": 2},
    appliesToAllDays={"type": "boolean"},
)

_COMPLIANCE = _object(
    regulatoryPauses={"type": "array", "items": _choice("NCDOJ", "TCPA", "FCC", "STATE_SPECIFIC")},
    agentAvailabilityProjection={"type": "boolean"},
    enableComplianceInjection={"type": "boolean"},
)

SCHEDULE_SCHEMA = _object(
    id=_TEXT,
    name=_TEXT,
    campaignId=_TEXT,
    timezone={"type": "string"},
    scheduleDetails={"type": "array", "minItems": 1, "items": _WINDOW},
    blackoutPeriods={"type": "array", "items": _BLACKOUT},
    complianceRules=_COMPLIANCE,
)
"""The body of `putSchedule`."""

WEBHOOK_SCHEMA = _object(
    name={"type": "string"},
    url={"type": "string"},
    events={"type": "array", "items": {"type": "string"}},
    status=_choice("ENABLED", "DISABLED"),
)
"""The body of `createWebhook`; its `id` is the tenant's to give."""


_schedule_holds = jsonschema_rs.validator_for(SCHEDULE_SCHEMA)
_webhook_holds = jsonschema_rs.validator_for(WEBHOOK_SCHEMA)


def read_json(request: Request) -> Any:
    """The body as JSON (RFC 8259). Raises Refused (400)."""
    if request.mimetype != "application/json":
        raise Refused(refusal(400, "Content-Type must be application/json"))
    data = request.get_data(cache=False)
    try:
        return json.loads(data, parse_constant=_no_constant, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        raise Refused(refusal(400, f"the body is not JSON: {error}")) from error


def check_schedule(body: Any, campaign_id: str, schedule_id: str) -> Json:
    """The body of a PUT to that path. Raises Refused (400) with all faults."""
    shape = _faults(_schedule_holds, SCHEDULE_SCHEMA, body)
    faults = list(shape)
    if isinstance(body, dict):
        faults += [
            *_identity_and_zone(body, campaign_id, schedule_id),
            *_spans(body, {field for field, _ in shape}),
        ]
    if not isinstance(body, dict) or faults:
        raise Refused(refusal(400, "the schedule is not valid", errors=sorted(faults)))
    return body


def check_webhook(body: Any) -> Json:
    """The body of a webhook registration. Raises Refused (400) with all faults."""
    faults = _faults(_webhook_holds, WEBHOOK_SCHEMA, body)
    if isinstance(body, dict) and isinstance(url := body.get("url"), str) and not _url_holds.is_valid(url):
        faults.append(("url", f"{_quoted(url)} is not an absolute URI"))
    if faults:
        raise Refused(refusal(400, "the webhook is not valid", errors=sorted(faults)))
    return dict(body)


def _faults(holds: jsonschema_rs.Validator, schema: dict[str, Any], body: Any) -> list[FieldError]:
    certain = True
    try:
        if holds.is_valid(body):
            return []
    except ValueError:  # a lone surrogate is JSON, but no text that the compiled validator can hold
        certain = False
    from jsonschema import Draft202012Validator  # slow to import, and a good body never needs it

    faults: set[FieldError] = set()
    for error in Draft202012Validator(schema).iter_errors(body):
        parts = (f"[{part}]" if isinstance(part, int) else f".{part}" for part in error.absolute_path)
        place = "".join(parts).removeprefix(".")
        if error.validator == "required":
            missing = [name for name in error.validator_value if name not in error.instance]
            faults.update((f"{place}.{name}" if place else name, "is required") for name in missing)
        else:
            faults.add((place, _words(error.validator, error.validator_value, error.instance)))
    return list(faults) or ([("", "is not valid")] if certain else [])


def _words(keyword: str, limit: Any, value: Any) -> str:
    match keyword:
        case "type":
            return f"{_quoted(value)} is not {'an' if limit[0] in 'aio' else 'a'} {limit}"
        case "enum":
            return f"{_quoted(value)} is not one of {', '.join(limit)}"
        case "minimum":
            return f"{_quoted(value)} is below {limit}"
        case "maximum":
            return f"{_quoted(value)} is above {limit}"
        case "minLength" | "minItems":
            return f"{_quoted(value)} is too short"
        case _:
            return f"{_quoted(value)} is not HH:MM:SS"


def _identity_and_zone(body: Json, campaign_id: str, schedule_id: str) -> Iterator[FieldError]:
    for field, expected in (("id", schedule_id), ("campaignId", campaign_id)):
        given = body.get(field)
        if isinstance(given, str) and given and given != expected:
            yield field, f"{_quoted(given)} is not the {field} of the path, {_quoted(expected)}"
    zone = body.get("timezone")
    if isinstance(zone, str) and zone not in _zones():
        yield "timezone", f"{_quoted(zone)} is not an IANA time zone"


@functools.cache
def _zones() -> frozenset[str]:
    """The IANA names, from the tzdata package as everywhere in this program: two machines must agree."""
    return frozenset(files("tzdata").joinpath("zones").read_text(encoding="utf-8").split())


def _spans(body: Json, known: set[str]) -> Iterator[FieldError]:
    """An end that is not after its start, in windows and blackouts, unless one of both is at fault already."""
    for name in ("scheduleDetails", "blackoutPeriods"):
        spans = body.get(name)
        for index, span in enumerate(spans if isinstance(spans, list) else ()):
            fields = {f"{name}[{index}]", f"{name}[{index}].startTime", f"{name}[{index}].endTime"}
            if not fields & known and span["endTime"] <= span["startTime"]:
                words = f"{_quoted(span['endTime'])} is not after {_quoted(span['startTime'])}"
                yield f"{name}[{index}].endTime", words


def _quoted(value: Any) -> str:
    return phrases.quote(value, 60)


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is no JSON number")


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError(f"{text[:40]} is too large a number")
    return number
