"""Policy over the changes: what is worth a finding, what the safety limits say, and the digest that names the plan.

Everything here is pure, and a plan says all that apply needs: applying decides nothing.
"""

from .build import (
    PlanInput,
    RevisionInfo,
    build_plan,
    empty_plan,
    plan_digest,
    safety_checks,
    with_verdict,
)

__all__ = [
    "PlanInput",
    "RevisionInfo",
    "build_plan",
    "empty_plan",
    "plan_digest",
    "safety_checks",
    "with_verdict",
]
