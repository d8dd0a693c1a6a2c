"""The tenant's side of the contract: what each operation does, and the order in which a request is judged.

Limits first (a busy tenant looks at nothing), then the path and method, the token and its scope, the campaign, the
body, and last, together with the write itself, its conditions (RFC 9110 §13.2.1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from werkzeug.exceptions import HTTPException

from .answers import Refused, answer, encode, from_http_exception, json_text, refusal
from .bodies import check_schedule, check_webhook, read_json
from .endpoints import BY_OPERATION, url_map
from .paging import page
from .store import CampaignUnknownError, PreconditionFailedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from werkzeug import Request, Response

    from .faults import Fault
    from .limits import Limits
    from .log import Visit
    from .options import SandboxOptions
    from .records import JsonObject, Record
    from .store import Store
    from .tokens import Tokens


class Api:
    """Answers requests from a store. `lie` is a fault that makes it lie about a write, or None."""

    def __init__(self, store: Store, options: SandboxOptions, tokens: Tokens, limits: Limits) -> None:
        self._store = store
        self._options = options
        self._tokens = tokens
        self._limits = limits
        self._urls = url_map(options.paths).bind("", url_scheme="http")

    def respond(self, request: Request, visit: Visit, lie: Fault | None = None) -> Response:
        """The answer to one request; never raises for anything that a client can send."""
        try:
            return self._limits.refuse() or self._dispatch(request, visit, lie)
        except Refused as refused:
            return refused.response
        except CampaignUnknownError as error:
            return refusal(404, f"campaign {error} does not exist")
        except PreconditionFailedError:
            condition = "If-None-Match" if "If-None-Match" in request.headers else "If-Match"
            return refusal(412, f"the schedule is not as {condition} asks for")
        except HTTPException as error:
            return from_http_exception(error)
        except OSError as error:
            return refusal(500, f"the sandbox could not save its state: {error.strerror or error}")

    def _dispatch(self, request: Request, visit: Visit, lie: Fault | None) -> Response:
        operation, values = self._urls.match(visit.path, request.method)
        scope = BY_OPERATION[operation].scope
        if scope is None:
            visit.scope = request.form.get("scope", "")
            return self._tokens.issue(request)
        visit.scope = self._tokens.check(request.headers.get("Authorization"), scope)
        return self._operate(operation, request, values, lie)

    def _operate(
        self, operation: str, request: Request, values: Mapping[str, str], lie: Fault | None
    ) -> Response:
        size = self._options.page_size
        match operation:
            case "listCampaigns":
                texts = [encode({"id": name, "name": name}) for name in self._store.campaigns]
                return page(request, texts, size)
            case "listSchedules":
                records = self._store.records(values["campaignId"])
                return page(request, [record.served for record in records], size)
            case "getSchedule":
                return self._get_schedule(values["campaignId"], values["scheduleId"])
            case "putSchedule":
                return self._put_schedule(request, values["campaignId"], values["scheduleId"], lie)
            case "listActiveAgents":
                return page(request, self._store.agent_texts(), size)
            case "listWebhooks":
                return page(request, self._store.webhook_texts(), size)
            case _:
                webhook = check_webhook(read_json(request))
                return answer(self._store.add_webhook(webhook, dry=_drops(lie)), 201)

    def _get_schedule(self, campaign_id: str, schedule_id: str) -> Response:
        record = self._store.find(campaign_id, schedule_id)
        if record is None:
            return refusal(404, f"campaign {campaign_id} has no schedule {schedule_id}")
        return json_text(record.served, headers=self._etag(record))

    def _put_schedule(
        self, request: Request, campaign_id: str, schedule_id: str, lie: Fault | None
    ) -> Response:
        self._store.records(campaign_id)
        body = check_schedule(read_json(request), campaign_id, schedule_id)
        written = self._store.write(
            campaign_id,
            schedule_id,
            _clamped(body) if lie and lie.kind == "clamp" else body,
            accepts=lambda etag: not self._options.etags or _holds(request, etag),
            dry=_drops(lie),
        )
        if lie and lie.kind == "echo-old":
            return json_text(written.before.served if written.before else "{}")
        status = 200 if written.before else 201
        return json_text(written.record.served, status, self._etag(written.record))

    def _etag(self, record: Record) -> dict[str, str]:
        return {"ETag": f'"{record.etag}"'} if self._options.etags else {}


def _holds(request: Request, etag: str | None) -> bool:
    """Whether the conditions of a write hold for the schedule with this ETag; None: there is none."""
    if "If-Match" in request.headers and (etag is None or not request.if_match.contains(etag)):
        return False
    return (
        etag is None
        or "If-None-Match" not in request.headers
        or not request.if_none_match.contains_weak(etag)
    )


def _drops(lie: Fault | None) -> bool:
    return lie is not None and (lie.kind == "drop" or not lie.acts)


def _clamped(body: JsonObject) -> JsonObject:
    """The body with each window's `maxCallsPerDay` one lower (one higher where it is 1)."""
    windows = [
        window | {"maxCallsPerDay": window["maxCallsPerDay"] - 1 if window["maxCallsPerDay"] > 1 else 2}
        for window in body["scheduleDetails"]
    ]
    return body | {"scheduleDetails": windows}
