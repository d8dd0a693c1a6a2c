"""All changes of one plan: a bounded pool of workers, one failure stops no other, some failures stop them all."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from functools import partial

from ..errors import JournalUnavailableError
from ..model import Change, Status, WriteError, WriteResult
from .faults import defect, read_otherwise, twin
from .halting import Halt
from .ledger import Ledger
from .values import Aftermath, ApplyInput, WriteEnd
from .workers import work_off
from .write import write


class Writing:
    """The writes of one run; its workers share the brake and the journal."""

    def __init__(self, given: ApplyInput, halt: Halt, ledger: Ledger) -> None:
        self._given = given
        self._halt = halt
        self._ledger = ledger
        self._guard = threading.Lock()
        self._written = 0
        self._ends: Mapping[tuple[str, str], tuple[Change, WriteEnd]] = {}

    def write_all(self) -> tuple[WriteResult, ...]:
        """The results of all changes, in the order of the plan."""
        changes = self._given.plan.changes
        raw = work_off(changes, self._write, self._halt.may_start, self._given.concurrency)
        ends = [
            self._crashed(change, end) if isinstance(end, Exception) else end
            for change, end in zip(changes, raw, strict=True)
        ]
        pairs = [(change, end) for change, end in zip(changes, ends, strict=True) if end is not None]
        self._ends = {_key(end.result): (change, end) for change, end in pairs}
        return tuple(
            end.result if end is not None else _result(change, Status.NOT_ATTEMPTED, self._halt.why_not())
            for change, end in zip(changes, ends, strict=True)
        )

    def recheck(self, results: tuple[WriteResult, ...], after: Aftermath) -> tuple[WriteResult, ...]:
        """The results, those unverified that were answered as a success and are not as planned when read again."""
        return tuple(self._rechecked(result, after) for result in results)

    def _rechecked(self, result: WriteResult, after: Aftermath) -> WriteResult:
        key = _key(result)
        if result.status is not Status.SUCCESS or (key not in after.differing and key not in after.twins):
            return result
        error = twin(after.twins[key]) if key in after.twins else read_otherwise()
        unverified = replace(result, status=Status.UNVERIFIED, errors=(*result.errors, error))
        change, end = self._ends[key]
        self._ledger.ended(change, replace(end, result=unverified))
        return unverified

    def _write(self, change: Change) -> WriteEnd | None:
        given = self._given
        on_send = partial(self._ledger.pending, change)
        try:
            end = write(change, given.dialect, given.policy, on_send, given.stop.is_set)
        except JournalUnavailableError:
            return None
        self._ledger.ended(change, end)
        self._halt.account(end.stop, server_failed=end.server_failed)
        with self._guard:
            self._written += 1
            with suppress(Exception):  # what is only said changes nothing
                given.progress(self._written, len(given.plan.changes))
        return end

    def _crashed(self, change: Change, error: Exception) -> WriteEnd:
        told = defect(error)
        self._halt.pull(told.message)
        end = WriteEnd(_result(change, Status.FAILED, told), change.request, change.before)
        self._ledger.ended(change, end)
        return end


def _key(result: WriteResult) -> tuple[str, str]:
    return result.campaign_id, result.schedule_id


def _result(change: Change, status: Status, error: WriteError) -> WriteResult:
    return WriteResult(change.campaign_id, change.schedule_id, change.action, status, errors=(error,))
