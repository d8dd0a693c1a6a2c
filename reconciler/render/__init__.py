"""Every output that people and programs read, as pure functions: values in, one text out; only the command line prints.

A format's module is imported when it is asked for, so that a command pays for the one it uses.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from .escape import json_text
from .screen import PLAIN, Screen

if TYPE_CHECKING:
    from ..findings import Finding
    from ..model import Plan
    from ..model.results import Result

PLAN_FORMATS = ("text", "json", "markdown", "html")
RESULT_FORMATS = ("text", "json", "markdown")
FINDING_FORMATS = ("text", "json", "github")


def render_plans(plans: Sequence[Plan], output_format: str, *, screen: Screen = PLAIN, **comment: Any) -> str:
    """The plans of all selected tenants in one of `PLAN_FORMATS`, ending with a newline; `screen` is for text only, what
    `markdown.plans_markdown` takes besides for markdown only."""
    if output_format == "text":
        from .text import plans_text

        return plans_text(plans, screen)
    if output_format == "markdown":
        from .markdown import plans_markdown

        return plans_markdown(plans, **comment)
    if output_format == "html":
        from .html import plans_html

        return plans_html(plans)
    from ..document.plan_document import plans_document

    return json_text(plans_document(plans))


def render_results(
    results: Sequence[Result], output_format: str, *, screen: Screen = PLAIN, plans: Sequence[Plan] = ()
) -> str:
    """What apply did, in one of `RESULT_FORMATS`; texts for people take names, places and weeks of schedules from `plans`."""
    if output_format == "text":
        from .result_text import results_text

        return results_text(results, plans, screen)
    if output_format == "markdown":
        from .result_markdown import results_markdown

        return results_markdown(results, plans)
    from ..document.result_document import results_document

    return json_text(results_document(results))


def render_findings(
    findings: Sequence[Finding], files: int, schedules: int, output_format: str, *, screen: Screen = PLAIN
) -> str:
    """What `validate` says of `files` files with `schedules` schedules, in one of `FINDING_FORMATS`."""
    if output_format == "text":
        from .text import findings_text

        return findings_text(findings, files, schedules, screen)
    if output_format == "github":
        from .text import findings_annotations

        return findings_annotations(findings, files, schedules)
    from ..document.finding_document import findings_document

    return json_text(findings_document(findings, files, schedules))
