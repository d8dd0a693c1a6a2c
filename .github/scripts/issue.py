"""Keeps one issue open for as long as a tenant differs from git, and closes it when it does not.

    issue.py PLAN REPORT

PLAN is the saved plan of one tenant against HEAD itself, so that all it would change is drift; REPORT is the same plan
as Markdown.
"""

from __future__ import annotations

import json
import os
import shlex
import sys
from pathlib import Path
from typing import Any

from github_api import GitHub, fitting, marker, run_link

from reconciler.render.escape import code, visible

_MANY = 50  # campaigns beyond which a command line is no longer one to copy


def main() -> None:
    """Read the arguments and the environment, and open, update or close the issue."""
    plan = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    report = Path(sys.argv[2]).read_text(encoding="utf-8").strip("\n")
    github = GitHub(os.environ)
    mark = marker("drift", plan["tenant"])
    mine = list(github.own("issues", mark, state="open"))
    if plan["changes"] or plan["webhooks"]:
        issue = {
            "title": f"CXone differs from git: {visible(plan['tenant'])}",
            "body": fitting(f"{mark}\n{advice(plan)}", report, f"Seen by {run_link(os.environ)}."),
        }
        if mine:
            github.call("PATCH", f"issues/{mine[0]['number']}", json=issue)
        else:
            github.call("POST", "issues", json=issue)
        return
    for each in mine:
        path = f"issues/{each['number']}"
        gone = f"CXone holds what git says again, as of {run_link(os.environ)}."
        github.call("POST", f"{path}/comments", json={"body": gone})
        github.call("PATCH", path, json={"state": "closed", "state_reason": "completed"})


def advice(plan: dict[str, Any]) -> str:
    """What differs, and the two ways out of it."""
    tenant = code(plan["tenant"], 80)
    why = "somebody edited it in CXone, or an earlier revision was not applied"
    lines = [f"The tenant {tenant} holds something else than git says: {why}.", ""]
    if plan["changes"]:
        lines += ["To keep what CXone holds, adopt it and open a pull request:", "", f"    {adopt(plan)}", ""]
    lines.append("To have what git says, run the workflow `apply` on `main`; it asks for approval as after a merge.")
    return "\n".join(lines)


def adopt(plan: dict[str, Any]) -> str:
    """The command that writes the drift into the files, as one would type it."""
    campaigns = sorted({change["campaignId"] for change in plan["changes"]})
    which = [f"--campaign={campaign}" for campaign in campaigns] if len(campaigns) <= _MANY else ["--all"]
    return visible(shlex.join(["reconciler", "import", "--update", f"--tenant={plan['tenant']}", *which]))


if __name__ == "__main__":
    main()
