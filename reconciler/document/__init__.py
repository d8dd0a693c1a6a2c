"""Plan, result and findings as JSON documents, and a saved plan back as a Plan (design §5 and §6).

Pipelines, dashboards and `apply --plan` rely on these documents, so a plan loses nothing on its way through one:
`parse_plans(json.dumps(plans_document(plans))) == plans`.
"""

from .plans import finding_document, findings_document, plan_document, plans_document
from .reading import MAX_PLAN_CHARACTERS, parse_plans
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
