"""A tenant's error as what a person reads in the result: code, the tenant's own words, the line of the file, a hint."""

from __future__ import annotations

from collections.abc import Callable

from ..errors import BadRequestError, FieldFault, RefusalError, TenantError
from ..model import Change, Location, WriteError

Locate = Callable[[Change, str], Location | None]

STALE_HINT = (
    "nothing was overwritten; plan again to see the edit, then apply over it or take it into git with "
    "`reconciler import --update`"
)


def write_errors(
    error: TenantError, change: Change, locate: Locate, *, outcome_unknown: bool = False
) -> tuple[WriteError, ...]:
    """The errors of one failed write; each field that a 400 names is one, with the line of the file that holds it."""
    if isinstance(error, BadRequestError) and error.fields:
        return tuple(_field_error(error, fault, change, locate) for fault in error.fields)
    message = (
        error.tenant_message if isinstance(error, RefusalError) and error.tenant_message else error.message
    )
    hint = error.hint
    if outcome_unknown:
        message = (
            f"{message}; whether the schedule was written is not known, because it could not be read again"
        )
        hint = "plan again once the tenant answers: it shows what was written and what was not"
    return (WriteError(error.code, message, None, hint or None, error.retryable),)


def _field_error(error: BadRequestError, fault: FieldFault, change: Change, locate: Locate) -> WriteError:
    place = locate(change, fault.field) or change.source
    where = f" in {place.file}, line {place.line}" if place is not None else ""
    return WriteError(error.code, fault.message, fault.field, f"correct the value{where}, then apply again")
