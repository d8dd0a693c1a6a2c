"""Checks on request bodies, as strict as the contract, with all faults at once and the field that holds each.

A compiled validator decides; jsonschema, slower and slow to import, only finds the words for a body that failed.
"""

from __future__ import annotations

import functools
import json
import math
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import jsonschema_rs

from .answers import Refused, refusal
from .schemas import SCHEDULE, WEBHOOK

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from werkzeug import Request

    from .answers import FieldError
    from .records import JsonObject

_schedule_holds = jsonschema_rs.validator_for(SCHEDULE)
_webhook_holds = jsonschema_rs.validator_for(WEBHOOK)
_url_holds = jsonschema_rs.validator_for({"type": "string", "format": "uri"}, validate_formats=True)


def read_json(request: Request) -> Any:
    """The body as JSON (RFC 8259). Raises Refused (400)."""
    if request.mimetype != "application/json":
        raise Refused(refusal(400, "Content-Type must be application/json"))
    data = request.get_data(cache=False)
    try:
        return json.loads(data, parse_constant=_no_constant, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        raise Refused(refusal(400, f"the body is not JSON: {error}")) from error


def check_schedule(body: Any, campaign_id: str, schedule_id: str) -> JsonObject:
    """The body of a PUT to that path. Raises Refused (400) with all faults."""
    shape = _faults(_schedule_holds, SCHEDULE, body)
    if not isinstance(body, dict):
        raise _bad("schedule", shape)
    known = {field for field, _ in shape}
    faults = [*shape, *_identity(body, campaign_id, schedule_id), *_zone(body), *_spans(body, known)]
    if faults:
        raise _bad("schedule", faults)
    return body


def check_webhook(body: Any) -> JsonObject:
    """The body of a webhook registration. Raises Refused (400) with all faults."""
    faults = _faults(_webhook_holds, WEBHOOK, body)
    if isinstance(body, dict) and isinstance(url := body.get("url"), str) and not _url_holds.is_valid(url):
        faults.append(("url", f"{_shown(url)} is not an absolute URI"))
    if faults:
        raise _bad("webhook", faults)
    return dict(body)


def _bad(what: str, faults: Iterable[FieldError]) -> Refused:
    return Refused(refusal(400, f"the {what} is not valid", errors=sorted(faults)))


def _faults(holds: jsonschema_rs.Validator, schema: dict[str, Any], body: Any) -> list[FieldError]:
    passed = _passes(holds, body)
    if passed:
        return []
    from jsonschema import Draft202012Validator  # slow to import, and a good body never needs it

    faults: set[FieldError] = set()
    for error in Draft202012Validator(schema).iter_errors(body):
        place = _field(error.absolute_path)
        if error.validator == "required":
            missing = [name for name in error.validator_value if name not in error.instance]
            faults.update((f"{place}.{name}" if place else name, "is required") for name in missing)
        else:
            faults.add((place, _words(error.validator, error.validator_value, error.instance)))
    return list(faults) or ([] if passed is None else [("", "is not valid")])


def _passes(holds: jsonschema_rs.Validator, body: Any) -> bool | None:
    """Whether the compiled validator accepts the body; None where it cannot hold it.

    A lone surrogate is JSON, but no text that it can hold.
    """
    try:
        return holds.is_valid(body)
    except ValueError:
        return None


def _words(keyword: str, limit: Any, value: Any) -> str:
    match keyword:
        case "type":
            return f"{_shown(value)} is not {'an' if limit[0] in 'aio' else 'a'} {limit}"
        case "enum":
            return f"{_shown(value)} is not one of {', '.join(limit)}"
        case "minimum":
            return f"{_shown(value)} is below {limit}"
        case "maximum":
            return f"{_shown(value)} is above {limit}"
        case "minLength" | "minItems":
            return f"{_shown(value)} is too short"
        case _:
            return f"{_shown(value)} is not HH:MM:SS"


def _identity(body: JsonObject, campaign_id: str, schedule_id: str) -> Iterator[FieldError]:
    for field, expected in (("id", schedule_id), ("campaignId", campaign_id)):
        given = body.get(field)
        if isinstance(given, str) and given and given != expected:
            yield field, f"{_shown(given)} is not the {field} of the path, {_shown(expected)}"


def _zone(body: JsonObject) -> Iterator[FieldError]:
    zone = body.get("timezone")
    if isinstance(zone, str) and zone not in _zones():
        yield "timezone", f"{_shown(zone)} is not an IANA time zone"


@functools.cache
def _zones() -> frozenset[str]:
    """The IANA names, from the tzdata package as everywhere in this program: two machines must agree."""
    return frozenset(files("tzdata").joinpath("zones").read_text(encoding="utf-8").split())


def _spans(body: JsonObject, known: set[str]) -> Iterator[FieldError]:
    """An end that is not after its start, in windows and blackouts, unless one of both is at fault already."""
    for name in ("scheduleDetails", "blackoutPeriods"):
        spans = body.get(name)
        for index, span in enumerate(spans if isinstance(spans, list) else ()):
            fields = {f"{name}[{index}]", f"{name}[{index}].startTime", f"{name}[{index}].endTime"}
            if not fields & known and span["endTime"] <= span["startTime"]:
                words = f"{_shown(span['endTime'])} is not after {_shown(span['startTime'])}"
                yield f"{name}[{index}].endTime", words


def _field(path: Iterable[str | int]) -> str:
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".")


def _shown(value: Any) -> str:
    text = json.dumps(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is no JSON number")


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError(f"{text[:40]} is too large a number")
    return number
