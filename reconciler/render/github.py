"""Findings as GitHub workflow commands: each becomes an annotation at its line of the pull request."""

from __future__ import annotations

from collections.abc import Sequence

from ..model import Finding
from .escape import github_message, github_property
from .words import counted, severities


def findings_annotations(findings: Sequence[Finding], files: int, schedules: int) -> str:
    """One command a finding, and a plain last line that says what was read and found."""
    lines = [_annotation(finding) for finding in findings]
    lines.append(f"{counted(files, 'file')}, {counted(schedules, 'schedule')}: {severities(findings)}.")
    return "\n".join(lines) + "\n"


def _annotation(finding: Finding) -> str:
    properties = []
    if finding.location is not None:
        place = finding.location
        properties = [f"file={github_property(place.file)}", f"line={place.line}", f"col={place.column}"]
    properties.append(f"title={github_property(finding.code)}")
    return f"::{finding.severity} {','.join(properties)}::{github_message(finding.message)}"
