"""The forms that every answer takes: JSON, and a refusal that says why."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from werkzeug import Response
from werkzeug.exceptions import HTTPException, MethodNotAllowed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

FieldError = tuple[str, str]
"""A field's path in the body (`scheduleDetails[0].predictiveRate`) and what is wrong with it."""


def encode(value: object) -> str:
    """One value as compact JSON, ASCII only, so that any string of a tenant survives."""
    return json.dumps(value, separators=(",", ":"))


def answer(value: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A JSON answer."""
    return json_text(encode(value), status, headers)


def json_text(text: str, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
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
