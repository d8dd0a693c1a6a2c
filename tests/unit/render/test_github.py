"""Findings as workflow commands: one annotation each, and no finding can give the runner another command."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from reconciler.model import Finding, Location, Severity
from reconciler.render.github import findings_annotations

COMMAND = re.compile(
    r"::(error|warning|notice) (?:file=([^,:\r\n]*),line=([0-9]+),col=([0-9]+),)?title=([^,:\r\n]*)::([^\r\n]*)"
)


def test_an_annotation_names_file_line_column_and_code() -> None:
    found = Finding(Severity.ERROR, "window-overlap", "50% overlap", Location("a, b.yaml", 9, 7))
    assert findings_annotations([found], 1, 2) == (
        "::error file=a%2C b.yaml,line=9,col=7,title=window-overlap::50%25 overlap\n"
        "1 file, 2 schedules: 1 error, 0 warnings.\n"
    )


def test_a_finding_about_the_tenant_has_no_place() -> None:
    found = Finding(Severity.WARNING, "released", "gone")
    assert findings_annotations([found], 1, 1).startswith("::warning title=released::gone\n")


@given(findings=st.lists(st.from_type(Finding), max_size=4))
def test_every_finding_is_exactly_one_command(findings: list[Finding]) -> None:
    text = findings_annotations(findings, 1, 1)
    lines = text.splitlines()
    assert len(lines) == len(findings) + 1
    assert "##[" not in text
    assert not lines[-1].startswith("::")
    for line, finding in zip(lines, findings, strict=False):
        match = COMMAND.fullmatch(line)
        assert match is not None
        assert match[1] == finding.severity.value
        assert match[3] == (str(finding.location.line) if finding.location is not None else None)
