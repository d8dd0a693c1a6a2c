"""Plan, result and findings as JSON documents, and a saved plan back as a Plan."""

from .plans import (
    finding_document,
    findings_document,
    parse_plans,
    plan_document,
    plans_document,
    read_plans,
)
from .results import result_document, results_document

__all__ = [
    "finding_document",
    "findings_document",
    "parse_plans",
    "plan_document",
    "plans_document",
    "read_plans",
    "result_document",
    "results_document",
]
