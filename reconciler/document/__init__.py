"""Plan, result and findings as JSON documents, and a saved plan back as a Plan."""

from .plans import (
    MAX_PLAN_CHARACTERS,
    finding_document,
    findings_document,
    parse_plans,
    plan_document,
    plans_document,
)
from .results import result_document, results_document

__all__ = [
    "MAX_PLAN_CHARACTERS",
    "finding_document",
    "findings_document",
    "parse_plans",
    "plan_document",
    "plans_document",
    "result_document",
    "results_document",
]
