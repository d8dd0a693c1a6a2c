"""Findings: what is wrong with the files or the plan, as values, and the table of all their codes.

A finding never stops a stage; errors among the findings stop a plan from being applied. `findings.yaml` is the one place
that says what a code means; a code that is not in it may not be used.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from functools import cache
from pkgutil import get_data
from typing import NamedTuple


class Severity(StrEnum):
    """How grave a finding is. Only errors stop a plan from being applied."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"


class Location(NamedTuple):
    """A place in a file: the file relative to the current directory with forward slashes, line and column from 1."""

    file: str
    line: int
    column: int = 1


class Finding(NamedTuple):
    """One thing wrong with the files or the plan; `location` is None when it is about the tenant. `new` says whether this
    revision brought it, None where there is no base to tell by."""

    severity: Severity
    code: str
    message: str
    location: Location | None = None
    new: bool | None = None


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings by file, line, column and code, each once; those without a location come first."""
    nowhere = Location("", 0, 0)
    return tuple(
        sorted(
            set(findings),
            key=lambda finding: (finding.location or nowhere, finding.code, finding.message, finding.severity),
        )
    )


class FindingCode(NamedTuple):
    """What one code stands for: the severity unless something else is said, the folder or module that raises it, and
    three texts for people. A tenant may set the severity of an `adjustable` code under `compliance.severities`."""

    severity: Severity
    room: str
    meaning: str
    why: str
    resolve: str
    adjustable: bool = False


RENAMED = {
    "holiday-not-excluded": "holiday-not-closed",
    "needs-a-hand": "edit-by-hand",
    "state-rules-not-checked": "state-rules-not-listed",
}
"""Codes of earlier versions and what they are called now. Tenant files and `reconciler explain` may use the old ones."""


@cache
def all_codes() -> dict[str, FindingCode]:
    """Every code with what it stands for, in the order in which a run meets them; read when it is first asked for."""
    import yaml

    data = get_data(__package__, "findings.yaml")
    raw = yaml.load(data or b"", Loader=yaml.CBaseLoader)  # noqa: S506 - it makes text and mappings, nothing else
    return {
        code: FindingCode(**{**entry, "severity": Severity(entry["severity"]), "adjustable": "adjustable" in entry})
        for code, entry in raw.items()
    }


def adjustable_codes() -> frozenset[str]:
    """The codes whose severity a tenant may set: the checks on meaning. A file that cannot be read stays an error."""
    return frozenset(code for code, entry in all_codes().items() if entry.adjustable)


def real_errors(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Those that say that something is wrong, not that there is nothing."""
    return tuple(
        finding for finding in findings if finding.severity is Severity.ERROR and finding.code != "no-schedules"
    )
