"""What an import is asked for, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass

from ...model import Finding, Severity


@dataclass(frozen=True, slots=True, order=True)
class ImportedFile:
    """One file, as users name it; `action` is `created`, `updated` or `unchanged`."""

    file: str
    action: str
    schedules: int


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of an import. `blocked` says that nothing was written; then `reported` says why."""

    files: tuple[ImportedFile, ...]
    reported: tuple[Finding, ...]
    blocked: bool = False


class BlockedError(Exception):
    """Nothing may be written; `findings` say why."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__("nothing was written")
        self.findings = findings


def block(findings: tuple[Finding, ...]) -> None:
    """Raise BlockedError if there are errors. That there is no campaign file yet is none here."""
    errors = tuple(
        each for each in findings if each.severity is Severity.ERROR and each.code != "no-schedules"
    )
    if errors:
        raise BlockedError(errors)
