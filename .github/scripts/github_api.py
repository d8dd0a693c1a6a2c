"""The few calls to GitHub that the pipelines need, and the texts that are written there.

What the pipelines post is found again by a hidden marker on its first line. A marker alone proves nothing, because
anybody who may comment can write one: what a person wrote is never taken for the pipeline's own.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator, Mapping
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from reconciler.render.markdown import units

JsonObject = dict[str, Any]

LIMIT = 65_536
"""Characters of a comment or an issue, by GitHub's refusal of longer ones."""

_PAGE = 100
_TIMEOUT = (10, 30)  # seconds to connect, and between two bytes
_AGAIN = Retry(
    total=4, backoff_factor=1, status_forcelist=(502, 503, 504), allowed_methods=("GET", "PATCH")
)  # a POST that is repeated could post twice


class GitHub:
    """One repository, with the job's token. A refusal ends the program with one sentence."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._root = f"{environ['GITHUB_API_URL']}/repos/{environ['GITHUB_REPOSITORY']}"
        self._session = requests.Session()
        self._session.headers.update(
            {
                "Authorization": f"Bearer {environ['GITHUB_TOKEN']}",
                "Accept": "application/vnd.github+json",
                "X-GitHub-Api-Version": "2022-11-28",
            }
        )
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, HTTPAdapter(max_retries=_AGAIN))

    def call(self, method: str, path: str, **given: Any) -> Any:
        """The answer's JSON to one request below the repository; `given` as for `requests`."""
        try:
            answer = self._session.request(method, f"{self._root}/{path}", timeout=_TIMEOUT, **given)
        except requests.RequestException as error:
            sys.exit(f"GitHub could not be reached for {method} {path}: {error}")
        if not answer.ok:
            sys.exit(f"GitHub answered {answer.status_code} to {method} {path}: {answer.text[:500]!r}")
        return answer.json()

    def listed(self, path: str, **parameters: str) -> Iterator[JsonObject]:
        """All items of a list, page by page, in GitHub's order."""
        page = 1
        while True:
            found = self.call("GET", path, params={**parameters, "per_page": _PAGE, "page": page})
            yield from found
            if len(found) < _PAGE:
                return
            page += 1

    def own(self, path: str, marker: str, **parameters: str) -> Iterator[JsonObject]:
        """Those items of a list that a pipeline wrote under `marker`."""
        for item in self.listed(path, **parameters):
            author = item.get("user") or {}
            if author.get("type", "Bot") == "Bot" and (item.get("body") or "").startswith(marker):
                yield item


def marker(kind: str, tenant: str) -> str:
    """The first line of what is written about a tenant: an invisible comment that no name can break out of."""
    return f"<!-- calling schedules: {kind} {hashlib.sha256(tenant.encode()).hexdigest()} -->"


def run_link(environ: Mapping[str, str]) -> str:
    """A link to the run that this program is part of."""
    server, repository = environ["GITHUB_SERVER_URL"], environ["GITHUB_REPOSITORY"]
    return f"[this run]({server}/{repository}/actions/runs/{environ['GITHUB_RUN_ID']})"


def fitting(before: str, report: str, after: str) -> str:
    """The three parts with a blank line between them, in at most 65,536 characters.

    Where they are too long, a report that is a code block loses its first lines, because the last ones say what is not
    done; any other is left out whole, because a part of it might leave something open.
    """
    room = LIMIT - units(before) - units(after) - 4
    if units(report) > room:
        report = _ending(report, room)
    return f"{before}\n\n{report}\n\n{after}"


def _ending(report: str, room: int) -> str:
    lines = report.split("\n")
    if not all(line.startswith("    ") or not line for line in lines):
        return "The report is too long for this place; it is in the summary of the run."
    kept: list[str] = []
    room -= 100  # for the note
    while lines and (room := room - units(lines[-1]) - 1) >= 0:
        kept.append(lines.pop())
    return "\n".join([f"{len(lines)} lines before these are not shown; the log has them.", "", *reversed(kept)])
