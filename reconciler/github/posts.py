"""What the pipelines post: found again by a hidden marker, kept within GitHub's limit, never posted twice.

A marker alone proves nothing, because anybody who may comment can write one: what a person wrote is never taken for the
pipeline's own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from ..model import JsonObject
from ..render.comment_size import units
from .rest import GitHub

POST_LIMIT = 65_536
"""Characters (UTF-16 units) of a comment or an issue, by GitHub's refusal of longer ones."""


def marker(kind: str, tenant: str = "") -> str:
    """The first line of a post about a tenant, or about all: an invisible comment that no name can break out of."""
    about = f" {hashlib.sha256(tenant.encode()).hexdigest()}" if tenant else ""
    return f"<!-- calling schedules: {kind}{about} -->"


def own_posts(github: GitHub, path: str, mark: str, **parameters: str) -> Iterator[JsonObject]:
    """Those items of a list that a pipeline posted under a marker."""
    for item in github.items(path, **parameters):
        author = item.get("user") or {}
        if author.get("type") == "Bot" and str(item.get("body") or "").startswith(mark):
            yield item


def put_comment(github: GitHub, number: int, mark: str, body: str) -> None:
    """Make the pipeline's one comment under a marker on a pull request or an issue, or change it where it is there.

    Of several, as two runs at once may have made, all but the first are deleted.
    """
    path = f"issues/{number}/comments"
    mine = list(own_posts(github, path, mark))
    if not mine:
        github.create(path, {"body": body}, lambda: next(own_posts(github, path, mark), None))
        return
    github.change(f"issues/comments/{mine[0]['id']}", {"body": body})
    for comment in mine[1:]:
        github.delete(f"issues/comments/{comment['id']}")


def fitting(before: str, report: str, after: str) -> str:
    """The three parts with a blank line between them, in at most `POST_LIMIT` characters.

    Where they are too long, a report that is a code block loses its first lines, because the last ones say what is not
    done; any other is left out whole, because a part of it might leave something open.
    """
    room = POST_LIMIT - units(before) - units(after) - 4
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
