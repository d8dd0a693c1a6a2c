"""The tenant's side of the contract: what each operation does, and the order in which a request is judged.

Limits first (a busy tenant looks at nothing), then the path and method, the token and its scope, the campaign, the body, and
last, together with the write itself, the condition on the ETag (RFC 9110, 13.2.1).
"""

from __future__ import annotations

import math
import random
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from werkzeug import Request, Response
from werkzeug.exceptions import HTTPException

from .bodies import (
    Json,
    Refused,
    answer,
    check_schedule,
    check_webhook,
    encode,
    from_http_exception,
    json_answer,
    read_json,
    refusal,
)
from .faults import Fault
from .options import BY_OPERATION, SandboxOptions, url_map
from .store import CampaignUnknownError, PreconditionFailedError, Record, Store
from .tokens import IssuedTokens


@dataclass(slots=True)
class Seen:
    """One request, in the log from its arrival on; the sandbox gives out copies. `path` is raw (percent-encoded).

    `status`: what was sent, 0 where no answer was (a lost connection, a stall). `decided`: what the tenant itself
    came to, 0 where a fault kept it from acting: a PUT with `decided` 200 or 201 and `status` 0 was written and its
    answer lost. `scope`: the scopes of its token; of a token request those that were asked for. `fault`: the kind
    of fault that it met, or empty.
    """

    method: str
    path: str
    query: str
    status: int = 0
    scope: str = ""
    decided: int = 0
    fault: str = ""


class TokenBucket:
    """Allows `rate` requests a second and as many at once (at least one)."""

    def __init__(self, rate: float, clock: Callable[[], float]) -> None:
        self._rate = rate
        self._burst = max(1.0, rate)
        self._clock = clock
        self._filled = self._burst
        self._at = clock()

    def take(self) -> float:
        """Takes one and returns 0, or takes none and returns the seconds until there will be one."""
        now = self._clock()
        self._filled = min(self._burst, self._filled + (now - self._at) * self._rate)
        self._at = now
        if self._filled < 1:
            return (1 - self._filled) / self._rate
        self._filled -= 1
        return 0.0


class Limits:
    """Both limits of one tenant; thread-safe. The n-th request fails or not by the seed alone."""

    def __init__(self, options: SandboxOptions, clock: Callable[[], float]) -> None:
        self._bucket = TokenBucket(options.rate_limit, clock) if options.rate_limit else None
        self._share = options.failure_rate
        self._dice = random.Random(options.seed)  # noqa: S311  # a rehearsal is repeatable, not secret
        self._lock = threading.Lock()

    def refuse(self) -> Response | None:
        """The 503 or 429 for the next request, or None where it may pass."""
        with self._lock:
            fails = self._dice.random() < self._share
            wait = self._bucket.take() if self._bucket and not fails else 0.0
        if fails:
            return refusal(503, "the service is unavailable for a moment")
        if wait:
            seconds = str(max(1, math.ceil(wait)))
            return refusal(429, f"too many requests, try again in {seconds} s", headers={"Retry-After": seconds})
        return None


def page(request: Request, texts: Sequence[str], size: int) -> Response:
    """One page of JSON texts, `size` items long. Raises Refused (400) for a page that is no number from 1."""
    asked = request.args.get("page", "1")
    if not asked.isascii() or not asked.isdecimal() or len(asked) > 9 or int(asked) < 1:
        raise Refused(refusal(400, "page must be a whole number from 1"))
    number = int(asked)
    items = texts[(number - 1) * size : number * size]
    headers = {}
    if number * size < len(texts):
        path = request.environ["REQUEST_URI"].partition("?")[0]
        query = urlencode([*((k, v) for k, v in request.args.items(multi=True) if k != "page"), ("page", number + 1)])
        headers["Link"] = f'<{request.host_url.rstrip("/")}{path}?{query}>; rel="next"'
    return json_answer(f"[{','.join(items)}]", headers=headers)


@dataclass(frozen=True, eq=False)
class Api:
    """Answers requests from a store. `lie` is a fault that makes it lie about a write, or None."""

    store: Store
    options: SandboxOptions
    tokens: IssuedTokens
    limits: Limits

    def respond(self, request: Request, visit: Seen, lie: Fault | None = None) -> Response:
        """The answer to one request; never raises for anything that a client can send."""
        try:
            return self.limits.refuse() or self._dispatch(request, visit, lie)
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

    def _dispatch(self, request: Request, visit: Seen, lie: Fault | None) -> Response:
        operation, values = url_map(self.options.paths).bind("").match(visit.path, request.method)
        scope = BY_OPERATION[operation].scope
        if scope is None:
            visit.scope = request.form.get("scope", "")
            return self.tokens.issue(request)
        visit.scope = self.tokens.check(request.headers.get("Authorization"), scope)
        return self._operate(operation, request, values, lie)

    def _operate(self, operation: str, request: Request, values: Mapping[str, str], lie: Fault | None) -> Response:
        size = self.options.page_size
        match operation:
            case "listCampaigns":
                texts = [encode({"id": name, "name": name}) for name in self.store.campaigns]
                return page(request, texts, size)
            case "listSchedules":
                records = self.store.records(values["campaignId"])
                return page(request, [record.served for record in records], size)
            case "getSchedule":
                record = self.store.find(values["campaignId"], values["scheduleId"])
                if record is None:
                    raise Refused(refusal(404, "campaign {campaignId} has no schedule {scheduleId}".format_map(values)))
                return json_answer(record.served, headers=self._etag(record))
            case "putSchedule":
                return self._put_schedule(request, values["campaignId"], values["scheduleId"], lie)
            case "listActiveAgents":
                return page(request, self.store.agent_texts, size)
            case "listWebhooks":
                return page(request, self.store.webhook_texts, size)
            case _:
                webhook = check_webhook(read_json(request))
                return answer(self.store.add_webhook(webhook, dry=_drops(lie)), 201)

    def _put_schedule(self, request: Request, campaign_id: str, schedule_id: str, lie: Fault | None) -> Response:
        self.store.records(campaign_id)
        body = check_schedule(read_json(request), campaign_id, schedule_id)
        written = self.store.write(
            campaign_id,
            schedule_id,
            _clamped(body) if lie and lie.kind == "clamp" else body,
            accepts=lambda etag: not self.options.etags or _holds(request, etag),
            dry=_drops(lie),
        )
        if lie and lie.kind == "echo-old":
            return json_answer(written.before.served if written.before else "{}")
        status = 200 if written.before else 201
        return json_answer(written.record.served, status, self._etag(written.record))

    def _etag(self, record: Record) -> dict[str, str]:
        return {"ETag": f'"{record.etag}"'} if self.options.etags else {}


def _holds(request: Request, etag: str | None) -> bool:
    """Whether the conditions of a write hold for the schedule with this ETag; None: there is none."""
    if "If-Match" in request.headers and (etag is None or not request.if_match.contains(etag)):
        return False
    return etag is None or "If-None-Match" not in request.headers or not request.if_none_match.contains_weak(etag)


def _drops(lie: Fault | None) -> bool:
    return lie is not None and (lie.kind == "drop" or not lie.acts)


def _clamped(body: Json) -> Json:
    """The body with each window's `maxCallsPerDay` one lower (one higher where it is 1)."""
    windows = [
        window | {"maxCallsPerDay": window["maxCallsPerDay"] - 1 if window["maxCallsPerDay"] > 1 else 2}
        for window in body["scheduleDetails"]
    ]
    return body | {"scheduleDetails": windows}
