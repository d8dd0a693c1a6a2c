"""`reconciler github`: what the workflows need of GitHub, for jobs of GitHub Actions."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from . import terminal
from .options import FILE, Command, about, form_option

if TYPE_CHECKING:
    from ..github import GitHub, Job
    from ..model import Plan

_TENANT = click.option("--tenant", envvar="TENANT", required=True, metavar="NAME", help="The tenant; default $TENANT.")


@click.group("github", context_settings={"show_default": True})
@about
def command() -> None:
    """Do what the workflows need of GitHub, in a job of GitHub Actions with its token as GITHUB_TOKEN.

    What a later step needs is printed as NAME=VALUE lines, for $GITHUB_OUTPUT. Hiccups of GitHub are waited for.

    \b
    Example:
      reconciler github tip >> "$GITHUB_OUTPUT"
    """


def _subcommand(name: str) -> Callable[[Callable[..., Any]], click.Command]:
    def made(function: Callable[..., Any]) -> click.Command:
        return command.command(name)(about(function))

    return made


def _outputs(function: Command) -> Command:
    return form_option("text", "json")(function)


def _connected() -> tuple[GitHub, Job]:
    from ..github import GitHub, job_of

    job = job_of(os.environ)
    return GitHub(job), job


def _print(values: Mapping[str, str], form: str) -> None:
    """Values for later steps: one line each, whatever they hold, because a second line could name another value."""
    from ..render.escape import visible

    lines = "".join(f"{name}={visible(value)}\n" for name, value in values.items())
    terminal.data(json.dumps(values, ensure_ascii=False) if form == "json" else lines)


def _plans(files: Sequence[Path]) -> list[Plan]:
    from ..document.saved_plans import read_plans

    return [plan for file in files for plan in read_plans(file)]


def _markdown(file: Path | None) -> str:
    """A report as Markdown: a text becomes a code block by its indentation, which nothing in it can close."""
    text = file.read_text(encoding="utf-8", errors="replace").strip("\n") if file is not None and file.is_file() else ""
    if not text:
        return "It ended before there was anything to report; the log says why."
    if file is not None and file.suffix == ".md":
        return text
    return "\n".join(f"    {line}" if line else "" for line in text.split("\n"))


@_subcommand("comment")
@click.argument("plans", nargs=-1, type=FILE)
@click.option("--outdated", is_flag=True, help="Say in the comment that a newer commit is being planned.")
@click.option("--tenants", default="[]", metavar="JSON", help="The names of all tenants that must have a plan.")
def _comment(plans: Sequence[Path], outdated: bool, tenants: str) -> int:
    """Keep one comment on the pull request with the saved PLANS of all tenants; none where nothing changes."""
    from ..github.comments import comment_plans, mark_outdated

    github, job = _connected()
    if outdated:
        terminal.say(mark_outdated(github, job))
        return 0
    values = _plans([file for file in plans if file.is_file()])
    names = {plan.tenant for plan in values}
    terminal.say(comment_plans(github, job, values, [name for name in json.loads(tenants) if name not in names]))
    return 0


@_subcommand("outputs")
@click.argument("file", type=FILE)
@_outputs
def _file_outputs(file: Path, form: str) -> int:
    """Print what a saved plan, or the log of an apply with its journal, comes to: counts, and whether it would be refused, or
    has converged."""
    from ..github.outputs import outputs_of

    _print(outputs_of(file), form)
    return 0


@_subcommand("tip")
@_outputs
def _tip(form: str) -> int:
    """Print `superseded=…`: which newer run has taken over from this one, empty where none has."""
    from ..github.runs import superseded_by

    github, job = _connected()
    _print({"superseded": superseded_by(github, job)}, form)
    return 0


@_subcommand("applied")
@_TENANT
@click.option("--journal", type=FILE, default=Path(".reconciler/journal"), show_default=True, metavar="FOLDER")
@_outputs
def _applied(tenant: str, journal: Path, form: str) -> int:
    """Fetch the tenant's journal from its branch into FOLDER, and print `applied=…`, the revision that it was brought to last
    (`none` before the first), and `base=…`, the one to compare with.

    Prints `superseded=…` too, where this commit is older than what was applied.
    """
    from ..github.remote import Remote
    from ..github.standing import run_state

    _, job = _connected()
    state = run_state(Remote(Path.cwd(), job.server, job.token), job, tenant, journal)
    if state.warning:
        terminal.say(f"Warning: {state.warning}")
    superseded = {"superseded": state.superseded} if state.superseded else {}
    _print({"applied": state.applied, "base": state.base, **superseded}, form)
    return 0


@_subcommand("reviewed")
@click.argument("plan", type=FILE)
@click.option("--applied", metavar="REF", default="none", help="What was applied last, as `applied` prints it.")
@click.option("--path", default="schedules", show_default=True, help="The folder of the schedules.")
@click.option(
    "--only", metavar="ORIGIN", help="`calendar`: only what the date changes is to be applied, without approval."
)
@_outputs
def _reviewed(plan: Path, applied: str, path: str, only: str | None, form: str) -> int:
    """Print `digest=…` of the saved PLAN, `todo=…` (`apply` with something to approve, `record` where CXone holds it all and the
    journal should say so, `nothing`), and `reviewed=…`, whether the pull request has shown this plan.

    With --only calendar `todo` is `calendar` or `nothing`; exits with 4 where other differences stand in the way.
    """
    from ..github.comments import due_by_calendar, reviewed
    from ..github.remote import Remote
    from ..github.standing import NOTHING_APPLIED

    github, job = _connected()
    (value,) = _plans([plan])
    if only:
        todo, shown = ("calendar" if due_by_calendar(value) else "nothing"), ""
    elif value.changes or value.webhooks:
        todo, shown = "apply", reviewed(github, job, value)
    else:
        remote = Remote(Path.cwd(), job.server, job.token)
        same = applied != NOTHING_APPLIED and remote.is_same(applied, job.sha, path)
        todo, shown = "nothing" if same else "record", ""
    _print({"digest": value.digest or "", "todo": todo, "reviewed": shown}, form)
    return 0


@_subcommand("approval")
@_TENANT
@click.option("--setting", envvar="CXONE_APPROVAL", default="", help="`merge` or `reviewers`; default $CXONE_APPROVAL.")
@_outputs
def _approval(tenant: str, setting: str, form: str) -> int:
    """Print `by=…`: who approved this run for the tenant. Exits with 4 where the environment cxone-approve-NAME asks nobody."""
    from ..github.approval import approved_by

    github, job = _connected()
    _print({"by": approved_by(github, job, f"cxone-approve-{tenant}", setting)}, form)
    return 0


@_subcommand("record")
@_TENANT
@click.option(
    "--job", "job_name", metavar="NAME", help="Take the log of this job of the run, where the files are missing."
)
@click.argument("logs", nargs=-1, required=True, type=FILE)
@_outputs
def _record(tenant: str, job_name: str | None, logs: Sequence[Path], form: str) -> int:
    """Append the journal lines that stand in LOGS (what `apply --journal-to-stderr` has printed) to the tenant's branch."""
    from ..errors import GitHubError
    from ..github.journal_branch import append_journal, journal_lines
    from ..github.remote import Remote
    from ..github.runs import log_of

    github, job = _connected()
    texts = [file.read_text(encoding="utf-8", errors="replace") for file in logs if file.is_file()]
    lost = not texts
    if lost and job_name is not None:
        texts = [log_of(github, job, job_name)]
    lines = [line for text in texts for line in journal_lines(text)]
    if lost and not lines:
        raise GitHubError(
            "the machine of the apply was lost, and its log holds no line of the journal",
            hint="run the workflow again: it reads what CXone holds now, and applies what is left",
        )
    added = append_journal(Remote(Path.cwd(), job.server, job.token), tenant, lines, f"Record {job.run_url}")
    if lost:
        terminal.say("The machine of the apply was lost; its lines were taken from the log.")
    _print({"recorded": str(added)}, form)
    return 0


@_subcommand("report")
@_TENANT
@click.option("--plan", "plan", envvar="PLAN", required=True, metavar="RESULT", help="How the job plan ended.")
@click.option("--approve", envvar="APPROVE", required=True, metavar="RESULT", help="How the job approve ended.")
@click.option("--write", envvar="WRITE", required=True, metavar="RESULT", help="How the jobs that write ended.")
@click.option("--superseded", envvar="SUPERSEDED", default="", help="What has taken over.")
@click.option("--approved-by", envvar="APPROVED_BY", default="", metavar="NAME", help="Who approved.")
@click.option("--reviewed", envvar="REVIEWED", default="", metavar="TEXT", help="Whether the plan was shown.")
@click.argument("files", nargs=-1, type=FILE)
def _report(files: Sequence[Path], **outcome: str) -> int:
    """Say on the pull requests of the push how the apply ended; FILES are reports, of which the first that is there is shown.

    What GitHub refuses is only a warning: the apply itself has ended.
    """
    from ..errors import GitHubError
    from ..github.reports import Outcome, report_apply

    github, job = _connected()
    file = next((file for file in files if file.is_file()), None)
    try:
        terminal.say(report_apply(github, job, Outcome(**outcome), _markdown(file)))
    except GitHubError as error:
        terminal.data(f"::warning::{error.advice}")
    return 0


@_subcommand("issue")
@_TENANT
@click.option("--outcome", envvar="OUTCOME", required=True, metavar="RESULT", help="How the step that plans ended.")
@click.option("--workflow", default="apply.yml", show_default=True, metavar="FILE", help="The workflow that applies.")
@click.argument("plan", type=FILE)
@click.argument("text", type=FILE, required=False)
def _issue(tenant: str, outcome: str, workflow: str, plan: Path, text: Path | None) -> int:
    """Keep one issue open while the tenant differs from git by the saved PLAN, and one while it cannot be checked."""
    from ..github.issues import report_drift, report_readable, report_unreadable
    from ..github.runs import waiting_run

    github, job = _connected()
    if outcome != "success":
        terminal.say(report_unreadable(github, job, tenant, _markdown(text)))
        return 0
    (value,) = _plans([plan])
    terminal.say(report_readable(github, job, tenant))
    terminal.say(report_drift(github, job, value, waiting_run(github, workflow)))
    return 0
