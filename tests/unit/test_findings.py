"""The table of codes is complete, and what is made from it says the same."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path

from reconciler.findings import RENAMED, Finding, Location, Severity, adjustable_codes, all_codes, in_order
from reconciler.schema_files import load_schema

PACKAGE = Path(__file__).parent.parent.parent / "reconciler"
_NO_ROOMS = {"findings", "cxone", "render", "sandbox"}
_NO_CODES = {
    "admin-campaign",
    "cat-file",
    "diff-index",
    "get-url",
    "hash-object",
    "ls-files",
    "ls-remote",
    "ls-tree",
    "merge-base",
    "rev-list",
    "rev-parse",
}
_MILDER = {("campaign-not-found", "warning")}
"""Where the table says so, a finding is less grave than usual."""


@dataclass(frozen=True)
class _Use:
    """A string of the source that is, or may be, a code, with the severity beside it where there is one."""

    room: str
    code: str
    severity: str | None = None


def _uses() -> Iterator[_Use]:
    """Strings in kebab case, and what is given to a finding."""
    for source in sorted(PACKAGE.rglob("*.py")):
        room = source.relative_to(PACKAGE).parts[0].removesuffix(".py")
        if room not in _NO_ROOMS:
            for node in ast.walk(ast.parse(source.read_text("utf-8"))):
                yield from _uses_of(room, node)


def _uses_of(room: str, node: ast.AST) -> Iterator[_Use]:
    match node:
        case ast.Constant(value=str(text)) if re.fullmatch(r"[a-z]+(-[a-z]+)+", text):
            yield _Use(room, text)
        case ast.Call(args=[*_, ast.Attribute(ast.Name("Severity"), severity), ast.Constant(str(code)), _, _]):
            yield _Use(room, code, severity.lower())
        case ast.Call(args=[*_, ast.Attribute(ast.Name("Severity"), severity), ast.Constant(str(code)), _]):
            yield _Use(room, code, severity.lower())


def test_every_code_of_the_source_is_in_the_table() -> None:
    assert {use.code for use in _uses()} - all_codes().keys() - _NO_CODES - RENAMED.keys() == set()


def test_every_code_of_the_table_is_raised_where_the_table_says() -> None:
    uses = {(use.room, use.code) for use in _uses()}
    assert {code for code, entry in all_codes().items() if (entry.room, code) not in uses} == set()


def test_a_finding_has_the_severity_of_the_table() -> None:
    severities = {(use.code, use.severity) for use in _uses() if use.severity is not None and use.code in all_codes()}
    assert {(code, severity) for code, severity in severities if all_codes()[code].severity != severity} == _MILDER
    assert len(severities) > 30


def test_every_text_is_a_sentence() -> None:
    for code, entry in all_codes().items():
        for text in (entry.meaning, entry.why, entry.resolve):
            assert re.fullmatch(r"[A-Z`][^\n|]*[.]", text), (code, text)
        assert len(entry.meaning) < 250, code


def test_a_tenant_may_set_the_severity_of_the_adjustable_codes_and_of_no_other() -> None:
    compliance = load_schema("tenant")["properties"]["compliance"]["properties"]
    settable = compliance["severities"]["properties"]
    old = {code for code, now in RENAMED.items() if now in adjustable_codes()}
    assert set(settable) == adjustable_codes() | old
    assert {code for code, schema in settable.items() if schema.get("deprecated")} == old


def test_renamed_codes_lead_to_codes_of_today() -> None:
    assert set(RENAMED.values()) <= all_codes().keys()
    assert not RENAMED.keys() & all_codes().keys()


def test_findings_stand_by_place_then_code_each_once() -> None:
    findings = [
        Finding(Severity.ERROR, "b", "of no place"),
        Finding(Severity.ERROR, "z", "words", Location("a.yaml", 2, 10)),
        Finding(Severity.ERROR, "a", "words", Location("a.yaml", 10, 2)),
        Finding(Severity.ERROR, "b", "words", Location("a.yaml", 10, 2)),
        Finding(Severity.ERROR, "a", "words", Location("b.yaml", 1, 1)),
    ]
    for order in permutations(findings):
        assert list(in_order((*order, order[0]))) == findings
