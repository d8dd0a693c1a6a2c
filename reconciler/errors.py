"""Every error this program raises on purpose, as one tree.

An error is what stops a stage; what is wrong with the files or the plan is a `Finding`, a value. Each class knows its
exit code (0 to 5 and 64, as in the project's README), and an error may carry a hint: the sentence that says what to do.

    ReconcilerError                 1   anything below; nothing more precise applies
    ├── UsageError                 64   the command or its environment is wrong
    ├── DesiredStateError           3   the files cannot be taken as desired state at all
    ├── RefusedError                4   refused before the first write: a safety limit, a conflict, drift, an unread
    │   │                               campaign, a saved plan that is none or no longer fits, no approval
    │   └── JournalUnavailableError     the journal cannot be written, so nothing may be
    ├── JournalBrokenError          1   the chain of a journal does not hold
    ├── GitHubError                 1   GitHub, or the branch of a journal there, could not be read or written
    └── TenantError                 1   the tenant or the way to it, or no credentials for it
        ├── UnreachableError            no connection, no TLS, or it broke before an answer was whole
        ├── AnswerError                 an answer that is no answer: redirect, HTML, broken JSON, wrong shape
        └── RefusalError                an answer with a status that says no
            ├── BadRequestError         400, with the fields
            ├── UnauthorizedError       401: the credentials or the token
            ├── ScopeError              403, or fewer scopes granted than needed
            ├── NotFoundError           404
            ├── PreconditionError       409 and 412: somebody else was first
            ├── RateLimitedError        429 past all patience
            │   └── AlwaysLimitedError      429 for minutes: no more is sent
            └── ServerFailureError      5xx past all patience
"""

from __future__ import annotations

from typing import NamedTuple


class ReconcilerError(Exception):
    """Base of the tree. `str(error)` is one sentence; `hint` says what to do, or is empty."""

    exit_code = 1

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    @property
    def advice(self) -> str:
        """The message, and after it the hint where there is one."""
        return f"{self.message}; {self.hint}" if self.hint else self.message


class UsageError(ReconcilerError):
    """The command line or the environment asks for something that makes no sense."""

    exit_code = 64


class DesiredStateError(ReconcilerError):
    """The desired state cannot be read at all: PATH does not exist, the revision is unknown."""

    exit_code = 3


class RefusedError(ReconcilerError):
    """Refused before the first write."""

    exit_code = 4


class JournalUnavailableError(RefusedError):
    """The journal cannot be opened, locked or written."""


class JournalBrokenError(ReconcilerError):
    """The hash chain of a journal does not hold."""


class GitHubError(ReconcilerError):
    """GitHub refused a request or could not be reached, or git could not fetch or push there."""


class TenantError(ReconcilerError):
    """The tenant, or the way to it, failed. `retryable` says whether another run may succeed unchanged."""

    code = "TENANT_FAILED"
    retryable = False


class UnreachableError(TenantError):
    """No connection, a time-out, or a connection lost. What the tenant did with the request is not known.

    `sent` is False where the request certainly never left (no connection was made). `trusted` is False where TLS did not come
    about: by a certificate that cannot be trusted, or without a handshake.
    """

    code = "UNREACHABLE"
    retryable = True

    def __init__(self, message: str, *, hint: str = "", sent: bool = True, trusted: bool = True) -> None:
        super().__init__(message, hint=hint)
        self.sent = sent
        self.trusted = trusted


class AnswerError(TenantError):
    """An answer that cannot be used: a redirect, a page instead of JSON, half a document, a wrong shape. `gone` says that a write
    was answered as done, and what was written is not there."""

    code = "ANSWER_UNREADABLE"

    def __init__(self, message: str, *, hint: str = "", status: int | None = None, gone: bool = False) -> None:
        super().__init__(message, hint=hint)
        self.status = status
        self.gone = gone


class FieldFault(NamedTuple):
    """One entry of a 400's `errors`: the tenant's own path (`scheduleDetails[0].predictiveRate`) and words."""

    field: str
    message: str


class RefusalError(TenantError):
    """The tenant answered with a status that refuses. `tenant_message` holds its own words."""

    code = "REFUSED"

    def __init__(
        self,
        message: str,
        *,
        status: int,
        hint: str = "",
        tenant_message: str = "",
        fields: tuple[FieldFault, ...] = (),
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message, hint=hint)
        self.status = status
        self.tenant_message = tenant_message
        self.fields = fields
        self.retry_after = retry_after


class BadRequestError(RefusalError):
    """400: the body breaks a rule of the tenant; `fields` says where."""

    code = "BAD_REQUEST"


class UnauthorizedError(RefusalError):
    """401: wrong client credentials, or a token that is refused even when it is new.

    `renewed` says that there is a new token by now, with which a write may be tried once more.
    """

    code = "UNAUTHORIZED"
    renewed = False


class ScopeError(RefusalError):
    """403, or a token that carries fewer scopes than were asked for."""

    code = "FORBIDDEN"


class NotFoundError(RefusalError):
    """404: the campaign, the schedule or the path is not there."""

    code = "NOT_FOUND"


class PreconditionError(RefusalError):
    """409 or 412: the schedule is no longer what was read."""

    code = "PRECONDITION_FAILED"


class RateLimitedError(RefusalError):
    """429, and waiting any longer is not allowed."""

    code = "RATE_LIMITED"
    retryable = True


class AlwaysLimitedError(RateLimitedError):
    """Nothing but 429 for minutes: requests of this kind are not sent any more. Never repeated in the same run."""


class ServerFailureError(RefusalError):
    """5xx. What the tenant did with the request is not known."""

    code = "SERVER_FAILED"
    retryable = True
