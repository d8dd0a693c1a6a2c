"""A saved plan as it is read, by itself: to show one takes nothing of what applies it."""

from __future__ import annotations

from pathlib import Path

from .. import document
from ..errors import PlanFileError
from ..model import Plan


def read_plans(file: Path) -> tuple[Plan, ...]:
    """The plans of a file; PlanFileError where it cannot be read or is no plan."""
    try:
        if file.stat().st_size > 4 * document.MAX_PLAN_CHARACTERS:
            raise PlanFileError(f"the plan {file} is too large to be one")
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise PlanFileError(f"the plan {file} cannot be read: {reason}") from None
    plans = document.parse_plans(text)
    if not plans:
        raise PlanFileError(f"the file {file} holds no plan at all")
    return plans
