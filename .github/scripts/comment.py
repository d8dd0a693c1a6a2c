"""Writes what a run came to as one comment on its pull request: made once, and updated by every later run.

    comment.py KIND FILE [--outcome OUTCOME]

KIND is `plan` or `apply`, FILE holds Markdown, the environment's TENANT says about whom. The pull request is the event's
own; after a push it is the one that the commit was merged with, and where there is none nothing is written.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Mapping
from pathlib import Path

from github_api import GitHub, fitting, marker, run_link

from reconciler.render.escape import code

_OUTCOMES = {
    "success": "### ✅ Applied to {}",
    "failure": "### 🛑 Not, or not completely, applied to {}",
    "cancelled": "### 🛑 Cancelled while applying to {}",
    "skipped": "### 🛑 Not applied to {}",
}
_NOTES = {
    "plan": "The plan above is never applied itself: a merge plans afresh. The saved plan is an artifact of {}.",
    "apply": (
        "The journal of all writes is an artifact of {}. To try again, choose “Re-run all jobs” there; to override a "
        "conflict or a safety limit, run the workflow by hand and say why."
    ),
}


def main() -> None:
    """Read the arguments and the environment, and write the comment."""
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=sorted(_NOTES))
    parser.add_argument("file", type=Path)
    parser.add_argument("--outcome", choices=sorted(_OUTCOMES))
    given = parser.parse_args()
    github = GitHub(os.environ)
    number = pull_request(github, os.environ)
    if number is None:
        print("This commit came with no pull request: there is nowhere to comment.")  # noqa: T201 - a program's answer
        return
    mark = marker(given.kind, os.environ["TENANT"])
    body = text(given.kind, mark, _read(given.file), given.outcome, os.environ)
    path = f"issues/{number}/comments"
    mine = next(github.own(path, mark), None)
    if mine is None:
        github.call("POST", path, json={"body": body})
    else:
        github.call("PATCH", f"issues/comments/{mine['id']}", json={"body": body})


def pull_request(github: GitHub, environ: Mapping[str, str]) -> int | None:
    """The number of the pull request that this run is about, None if there is none."""
    event = json.loads(Path(environ["GITHUB_EVENT_PATH"]).read_text(encoding="utf-8"))
    if "pull_request" in event:
        return int(event["pull_request"]["number"])
    found = github.listed(f"commits/{environ['GITHUB_SHA']}/pulls")
    return next((int(pull["number"]) for pull in found if pull.get("state") != "open"), None)


def text(kind: str, mark: str, report: str, outcome: str | None, environ: Mapping[str, str]) -> str:
    """The whole comment, of at most 65,536 characters."""
    title = _OUTCOMES[outcome].format(code(environ["TENANT"], 80)) if outcome else ""
    before = f"{mark}\n{title}".rstrip()
    return fitting(before, report, _NOTES[kind].format(run_link(environ)))


def _read(file: Path) -> str:
    report = file.read_text(encoding="utf-8").strip("\n") if file.exists() else ""
    return report or "It ended before there was anything to report; the log says why."


if __name__ == "__main__":
    main()
