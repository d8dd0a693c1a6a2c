from __future__ import annotations

from itertools import permutations

from reconciler.desired.values import in_order
from reconciler.model import Finding, Location, Severity


def test_findings_by_place_then_code_each_once() -> None:
    findings = [
        Finding(Severity.ERROR, "b", "of no place"),
        Finding(Severity.ERROR, "z", "words", Location("a.yaml", 2, 10)),
        Finding(Severity.ERROR, "a", "words", Location("a.yaml", 10, 2)),
        Finding(Severity.ERROR, "b", "words", Location("a.yaml", 10, 2)),
        Finding(Severity.ERROR, "a", "words", Location("b.yaml", 1, 1)),
    ]
    for order in permutations(findings):
        assert list(in_order((*order, order[0]))) == findings
