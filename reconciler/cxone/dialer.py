"""The dialer's API as the stages need it: `reconciler.dialect.Dialect` over HTTP."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from http import HTTPStatus
from typing import TYPE_CHECKING

from .. import identity
from ..errors import AnswerError, NotFoundError, ScopeError, TenantError
from ..findings import Finding
from ..model import CampaignDiff, JsonObject, LiveSchedule, Request, Webhook
from . import codec, lists
from .answers import Answer, Call, parse, unusable
from .auth import AGENTS, READ, WEBHOOKS_READ, WEBHOOKS_WRITE, WRITE
from .client import Client
from .endpoints import with_ids
from .lists import read_list
from .refusals import words_of

if TYPE_CHECKING:
    from ..dialect import CampaignName, ScheduleRead, WriteAnswer

_JSON = {"Content-Type": "application/json"}
_STRONG_ETAG = re.compile(r'"[\x21\x23-\x7e\x80-\xff]*"')  # RFC 9110, 8.8.3


class DialerTenant(Client):
    """One tenant's dialer; `reconciler.dialect.Dialect` says what each method does."""

    resolve = staticmethod(identity.resolve)

    def findings(self, diffs: Sequence[CampaignDiff]) -> tuple[Finding, ...]:  # noqa: ARG002 - the API says all there is
        return ()

    def put_request(self, body: JsonObject) -> Request:
        path = with_ids(self._paths["schedule"], campaignId=body["campaignId"], scheduleId=body["id"])
        return Request("PUT", path, body)

    def campaigns(self) -> tuple[CampaignName, ...]:
        return lists.campaign_names(read_list(self, self._url("campaigns"), "read the campaigns", READ))

    def schedules(self, campaign_id: str) -> tuple[LiveSchedule, ...]:
        url, action = self._url("schedules", campaignId=campaign_id), f"read the schedules of campaign {campaign_id}"
        return codec.decode_all(read_list(self, url, action, READ), campaign_id)

    def schedule(self, campaign_id: str, schedule_id: str) -> ScheduleRead:
        from ..dialect import ScheduleRead  # only whoever writes looks at one schedule

        url = self._url("schedule", campaignId=campaign_id, scheduleId=schedule_id)
        call = Call("GET", url, f"read schedule {schedule_id} of campaign {campaign_id}", READ)
        try:
            answer = self.read(call)
        except NotFoundError as error:
            return ScheduleRead(None, gone=error.status == HTTPStatus.GONE)
        return ScheduleRead(codec.decode(parse(answer, call), campaign_id, schedule_id), _strong_etag(answer))

    def put(self, request: Request, etag: str | None, *, create: bool = False, renew: bool = True) -> WriteAnswer:
        from ..dialect import WriteAnswer

        if request != self.put_request(request.body):
            raise TenantError(
                f"{request.method} {request.path} is not how this tenant's schedules are written, so it is not sent",
                hint="the plan was made with other paths in tenant.yaml: plan again",
            )
        campaign_id, schedule_id = request.body["campaignId"], request.body["id"]
        call = Call(
            "PUT",
            self._url("schedule", campaignId=campaign_id, scheduleId=schedule_id),
            f"write schedule {schedule_id} of campaign {campaign_id}",
            WRITE,
            body=_encode(request.body),
            headers={**_JSON, **_condition(etag, create=create)},
            accepts=(200, 201),
            write=True,
        )
        answer = self.once(call, renew=renew)
        try:
            schedule = codec.decode(parse(answer, call), campaign_id, schedule_id, is_written=True)
        except AnswerError as error:
            words, _ = words_of(answer)
            said = f"; the tenant says: {words}" if words else ""
            raise AnswerError(f"{error.message}{said}", hint=error.hint, status=answer.status) from None
        return WriteAnswer(answer.status, schedule)

    def active_agents(self) -> int:
        return lists.count_active(read_list(self, self._url("agents"), "read the active agents", AGENTS))

    def webhooks(self) -> tuple[Webhook, ...] | None:
        if not self.has(WEBHOOKS_READ):
            return None
        try:
            items = read_list(self, self._url("webhooks"), "read the webhooks", WEBHOOKS_READ)
        except ScopeError:
            return None  # a token answer that names no scopes promises more than the token may hold
        return lists.webhooks(items)

    def register(self, webhook: Webhook, *, renew: bool = True) -> None:
        call = Call(
            "POST",
            self._url("webhooks"),
            f"register the webhook {webhook.name}",
            WEBHOOKS_WRITE,
            body=_encode(lists.webhook_body(webhook)),
            headers=_JSON,
            accepts=(200, 201),
            write=True,
        )
        answer = self.once(call, renew=renew)
        held = lists.webhook(parse(answer, call))
        if held != webhook:
            raise unusable(call, f"the tenant answered with another one ({held})", status=answer.status)

    def _url(self, endpoint: str, **ids: str) -> str:
        return self._transport.base_uri + with_ids(self._paths[endpoint], **ids)


def _encode(body: JsonObject) -> bytes:
    return json.dumps(body, separators=(",", ":"), allow_nan=False).encode("ascii")


def _condition(etag: str | None, *, create: bool) -> dict[str, str]:
    """The header that lets a write through only if the schedule is as it was (RFC 9110, 13.1.1 and 13.1.2)."""
    if create:
        return {"If-None-Match": "*"}
    return {} if etag is None else {"If-Match": etag}


def _strong_etag(answer: Answer) -> str | None:
    """The ETag, where If-Match can hold it: by a weak one nothing matches (RFC 9110, 13.1.1), nor by one that is none."""
    etag = answer.header("ETag")
    return etag if etag is not None and _STRONG_ETAG.fullmatch(etag) else None
