"""How operations end: what a tenant's error means for the run, and the words for the people who read the result.

An operation is a schedule's write or a webhook's registration. Most errors concern one operation; some say that all
further ones would fail alike. The `Breaker` decides on them when the run starts nothing more.
"""

from __future__ import annotations

import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ..errors import (
    AlwaysLimitedError,
    AnswerError,
    BadRequestError,
    FieldFault,
    RateLimitedError,
    RefusalError,
    ScopeError,
    ServerFailureError,
    TenantError,
    UnauthorizedError,
    UnreachableError,
)
from ..findings import Location
from ..model import Change, JsonObject, Request
from ..model.results import WebhookResult, WriteError, WriteResult
from ..phrases import first_of

Locate = Callable[[Change, str], Location | None]
"""Where the files say what a change sends in one field of its body."""

SERVER_FAILURES = 3
"""Operations in a row that end in a failure of the server, after which no other is started."""

INTERRUPTED = "the run was interrupted before this was sent"
_STOPS = (AlwaysLimitedError, UnauthorizedError, ScopeError)
_PLAN_AGAIN = "plan again once the tenant answers: it shows what is there and what is not"
_AGAIN = "apply again: what was written is not written again"
_NAMED = 4  # fields of one write that a message names; the plan shows all

RECREATED = WriteError(
    "RECREATED",
    "the tenant answered 201, not 200: it did not update the schedule but created it again, because somebody deleted it "
    "right before",
    None,
    "ask who deleted it, perhaps to stop dialing; look at the schedule in the console",
)
"""The error of an update that was answered as a create."""

READ_OTHERWISE = WriteError(
    "UNVERIFIED",
    "the tenant answered as if the schedule were written, but read again it is not what was sent",
    None,
    "either the tenant drops writes in silence, or somebody edited the schedule meanwhile; plan again to see",
)
"""The error of a write whose answer was as it should be, and that is not there when it is read again."""


@dataclass(frozen=True, slots=True)
class WriteEnd:
    """How a schedule's write ended: its result, the request that was meant, and what was live right before.

    `stop` is the error after which all further operations would fail alike; `server_failed` counts for the breaker.
    """

    result: WriteResult
    request: Request
    before: JsonObject | None
    stop: TenantError | None = None
    server_failed: bool = False


@dataclass(frozen=True, slots=True)
class RegistrationEnd:
    """How a webhook's registration ended."""

    result: WebhookResult
    stop: TenantError | None = None
    server_failed: bool = False


class Breaker:
    """Stops a run from starting further operations; thread-safe.

    `reason` is the sentence that says why it was tripped, None while it is not; `stop` is set by an interrupt.
    """

    def __init__(self, stop: threading.Event) -> None:
        self._stop = stop
        self._guard = threading.Lock()
        self._failures = 0
        self.reason: str | None = None

    def may_start(self) -> bool:
        """Whether another operation may be started."""
        return not self._stop.is_set() and self.reason is None

    def why_not(self) -> WriteError:
        """The error of an operation that was not started."""
        return not_attempted(self.reason or INTERRUPTED)

    def trip(self, reason: str) -> None:
        """Start nothing from now on; the first reason counts."""
        with self._guard:
            self.reason = self.reason or reason

    def count(self, end: WriteEnd | RegistrationEnd) -> None:
        """Take into account how one operation ended."""
        with self._guard:
            self._failures = self._failures + 1 if end.server_failed else 0
            failing = self._failures >= SERVER_FAILURES
        if end.stop is not None:
            self.trip(f"every further write would fail alike: {end.stop.message}")
        elif failing:
            self.trip(
                f"{SERVER_FAILURES} server failures in a row: the tenant is failing, and is not pressed any further"
            )


def leaves_open(error: TenantError) -> bool:
    """Whether the tenant may have done what was asked although no answer says so."""
    if isinstance(error, UnreachableError):
        return error.sent
    if isinstance(error, AnswerError) and error.status is not None and 300 <= error.status < 400:
        return False
    return isinstance(error, ServerFailureError | AnswerError)


def arrived(error: TenantError) -> bool:
    """Whether the tenant looked at the request: it was sent, and not with a token that is refused."""
    return error.sent if isinstance(error, UnreachableError) else not isinstance(error, UnauthorizedError)


def is_repeatable(error: TenantError) -> bool:
    """Whether a further attempt may succeed: after 429, 5xx, a lost connection and an answer that is none."""
    return isinstance(error, RateLimitedError | UnreachableError) or leaves_open(error)


def is_server_failure(error: TenantError) -> bool:
    """Whether the server, or the way to it, is failing; some of these in a row trip the breaker."""
    return isinstance(error, ServerFailureError | UnreachableError | AnswerError)


def stop_of(*errors: TenantError | None) -> TenantError | None:
    """The error after which everything further would fail alike, and asking on may lock the client out; None if none is."""
    return next((error for error in errors if isinstance(error, _STOPS)), None)


def write_errors(error: TenantError, change: Change, locate: Locate) -> tuple[WriteError, ...]:
    """The errors of one failed write; every field that a 400 names is one, with the line of the file that holds it."""
    if isinstance(error, BadRequestError) and error.fields:
        return tuple(_field_error(error, fault, change, locate) for fault in error.fields)
    return (plain_error(error),)


def plain_error(error: TenantError) -> WriteError:
    """An error in the tenant's own words, where it had any."""
    words = error.tenant_message if isinstance(error, RefusalError) else ""
    return WriteError(error.code, words or error.message, None, error.hint or None, error.retryable)


def unknown_outcome(what: str, unreadable: TenantError, hint: str = _PLAN_AGAIN) -> WriteError:
    """The error that says that it is not known whether `what` happened, because it could not be read again."""
    return WriteError(
        "OUTCOME_UNKNOWN",
        f"whether {what} is not known, because it could not be read again: {unreadable.message}",
        None,
        hint,
        True,
    )


def not_attempted(reason: str = INTERRUPTED) -> WriteError:
    """The error of what was not tried."""
    return WriteError("NOT_ATTEMPTED", reason, None, _AGAIN, True)


def stale_error(message: str) -> WriteError:
    """The error of a write that was kept back, because somebody else was first."""
    hint = (
        "nothing was overwritten; plan again to see the edit, then apply over it, or take it into git: `reconciler import "
        "--update` writes what CXone holds into the file, also over what the file was to change"
    )
    return WriteError("STALE", message, None, hint)


def answered_otherwise(status: int, differing: tuple[str, ...]) -> WriteError:
    """The error of a write whose answer shows, in the fields `differing`, something else than was sent."""
    message = (
        f"the tenant answered {status}, but what it says it holds now differs from what was sent in "
        f"{first_of(differing, _NAMED)}"
    )
    hint = (
        "look at the schedule in the console, and plan again to see what is there: the tenant seems to round, cap or drop these "
        "values in silence"
    )
    return WriteError("UNVERIFIED", message, differing[0], hint)


def replaced(*, perhaps_own: bool) -> WriteError:
    """The error of a create that was answered as a replacement; `perhaps_own` where an attempt before got no answer."""
    whose = "an earlier attempt of this run, or somebody else, had" if perhaps_own else "somebody else had"
    message = (
        f"the tenant answered 200, not 201: it did not create the schedule but replaced one that {whose} created right "
        "before; what that one held is not known"
    )
    hint = "ask who else creates schedules in this campaign; look at the schedule in the console"
    return WriteError("REPLACED", message, None, hint)


def twin(schedule_id: str) -> WriteError:
    """The error of a create beside which another schedule of the same name, `schedule_id`, turns out to be live."""
    message = (
        f"the schedule was created, and another one of the same name is live, {schedule_id}, that the plan did not see: "
        "both dial"
    )
    hint = f"write `id: {schedule_id}` into the file if that one is meant, and stop the other one in the console"
    return WriteError("SAME_NAME", message, None, hint)


def defect(error: Exception) -> WriteError:
    """The error of a write that ended in a defect of this program, with the place of it."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{Path(frame.filename).name}, line {frame.lineno}"
    message = f"this should not happen: {type(error).__name__}: {error} ({where})"
    hint = "report this sentence; plan again to see what was written and what was not"
    return WriteError("DEFECT", message, None, hint)


def _field_error(error: BadRequestError, fault: FieldFault, change: Change, locate: Locate) -> WriteError:
    place = locate(change, fault.field) or change.source
    where = f" in {place.file}, line {place.line}" if place is not None else ""
    message = fault.message or error.tenant_message or error.message
    return WriteError(error.code, message, fault.field, f"correct the value{where}, then apply again")
