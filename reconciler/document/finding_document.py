"""Findings as a JSON document: those of a plan, of `validate` and of `import`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ..findings import Finding, Location, Severity
from ..model import JsonObject
from .kinds import FLAG, TEXT, count, optional, record, word

PLACE = record(Location, file=TEXT, line=count(1), column=count(1, missing=1))
REPORTED = record(Finding, severity=word(Severity), code=TEXT, message=TEXT)
_NEW = optional(FLAG)


def read_finding(holder: JsonObject, way: str) -> Finding:
    """The finding of a document; its file, line and column stand beside its words."""
    finding: Finding = REPORTED.from_json(holder, way)
    new = _NEW.read(holder, "new", way)
    placed = holder.get("file") is not None
    return finding._replace(location=PLACE.from_json(holder, way) if placed else None, new=new)


def finding_document(finding: Finding) -> JsonObject:
    """One finding; file, line and column are null when it is about the tenant, and `new` is there where it is known."""
    place = finding.location
    where = PLACE.to_json(place) if place is not None else {"file": None, "line": None, "column": None}
    return {**REPORTED.to_json(finding), **where, **({"new": finding.new} if finding.new is not None else {})}


def findings_document(findings: Sequence[Finding], files: int, schedules: int) -> JsonObject:
    """The document of `validate`: how much was read (`files`, `schedules`), and what is wrong with it."""
    severities = Counter(finding.severity for finding in findings)
    return {
        "summary": {
            "files": files,
            "schedules": schedules,
            "errors": severities[Severity.ERROR],
            "warnings": severities[Severity.WARNING],
        },
        "findings": [finding_document(finding) for finding in findings],
    }
