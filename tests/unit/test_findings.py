"""The table of codes is complete, and what is made from it says the same."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import permutations
from pathlib import Path

from reconciler.findings import ADJUSTABLE, CODES, RENAMED, Finding, Location, Severity, in_order
from reconciler.schema_files import load_schema

PACKAGE = Path(__file__).parent.parent.parent / "reconciler"
_NO_ROOMS = {"findings.py", "cxone", "render", "sandbox"}
_NO_CODES = {"cat-file", "hash-object", "ls-files", "ls-tree", "rev-parse"}
_UNRAISED = {
    "exempt",
    "holiday-not-closed",
    "hours-not-checked",
    "pause-not-listed",
    "state-rules-not-listed",
}


def _constants(source: Path) -> Iterator[str]:
    """Every string of a module that may be a code: those in kebab case, and what is given to a finding."""
    for node in ast.walk(ast.parse(source.read_text("utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if re.fullmatch(r"[a-z]+(-[a-z]+)+", node.value):
                yield node.value
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            place = {"Finding": 1, "report": 2}.get(node.func.id)
            if place is not None and len(node.args) > place:
                code = node.args[place]
                if isinstance(code, ast.Constant) and isinstance(code.value, str):
                    yield code.value


def _codes_by_room() -> dict[str, set[str]]:
    codes: dict[str, set[str]] = {}
    for source in sorted(PACKAGE.rglob("*.py")):
        room = source.relative_to(PACKAGE).parts[0]
        if room not in _NO_ROOMS:
            codes.setdefault(room.removesuffix(".py"), set()).update(_constants(source))
    return codes


def test_every_code_of_the_source_is_in_the_table() -> None:
    used = {code for codes in _codes_by_room().values() for code in codes}
    assert used - CODES.keys() - _NO_CODES - RENAMED.keys() == set()


def test_every_code_of_the_table_is_used() -> None:
    used = {code for codes in _codes_by_room().values() for code in codes}
    assert CODES.keys() - used == _UNRAISED


def test_every_text_is_a_sentence() -> None:
    for code, entry in CODES.items():
        for text in (entry.meaning, entry.why, entry.resolve):
            assert re.fullmatch(r"[A-Z`][^\n|]*[.]", text), (code, text)
        assert len(entry.meaning) < 250, code


def test_a_tenant_may_set_the_severity_of_the_adjustable_codes_and_of_no_other() -> None:
    compliance = load_schema("tenant")["properties"]["compliance"]["properties"]
    settable = compliance["severities"]["properties"]
    old = {code for code, now in RENAMED.items() if now in ADJUSTABLE}
    assert set(settable) == ADJUSTABLE | old
    assert {code for code, schema in settable.items() if schema.get("deprecated")} == old


def test_renamed_codes_lead_to_codes_of_today() -> None:
    assert set(RENAMED.values()) <= CODES.keys()
    assert not RENAMED.keys() & CODES.keys()


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
