"""GitHub on loopback, as far as the pipelines use it: its API and its git, as strict about tokens, permissions and lengths
as GitHub, and with hiccups where a test asks for them."""

from __future__ import annotations

import json
import os
import re
import secrets
import subprocess
import threading
from base64 import b64decode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, unquote, urlsplit

JsonObject = dict[str, Any]

REPOSITORY = "contact-center/schedules"
_API = f"/api/v3/repos/{REPOSITORY}/"
_LIMIT = 65_536
_BOT = {"login": "github-actions[bot]", "type": "Bot"}
_REVIEWERS = {"type": "required_reviewers", "reviewers": [{"type": "Team", "reviewer": {"name": "compliance"}}]}
_READING = ("GET", "HEAD")


@dataclass(frozen=True)
class Hiccup:
    """What GitHub answers instead of an answer, once. `carried_out`: it did what it was asked to, all the same."""

    method: str
    path: str
    status: int
    body: str = "{}"
    headers: Mapping[str, str] = field(default_factory=lambda: {"Retry-After": "0"})
    carried_out: bool = False


@dataclass
class GitHub:
    """What GitHub holds; runs inside `with`.

    `origin` is the repository that git sees. `pulls` are pull requests by the commits they were merged with; `reviews` who
    reviewed them. `runs`, `artifacts` and `logs` are told by the runners. `environments` are rules by name.
    `branch_rules` are those of rulesets for main, `protection` is its classic protection.
    """

    origin: Path = Path()
    comments: dict[int, list[JsonObject]] = field(default_factory=dict)
    issues: list[JsonObject] = field(default_factory=list)
    pulls: dict[str, list[JsonObject]] = field(default_factory=dict)
    reviews: dict[int, list[JsonObject]] = field(default_factory=dict)
    runs: dict[int, JsonObject] = field(default_factory=dict)
    artifacts: dict[int, list[str]] = field(default_factory=dict)
    logs: dict[int, dict[str, str]] = field(default_factory=dict)
    environments: dict[str, list[JsonObject]] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)
    branch_rules: list[JsonObject] = field(default_factory=list)
    protection: JsonObject | None = None
    approvals: dict[int, list[JsonObject]] = field(default_factory=dict)
    hiccups: list[Hiccup] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    tokens: dict[str, Mapping[str, str]] = field(default_factory=dict)
    before_push: Callable[[], object] = lambda: None
    _server: ThreadingHTTPServer | None = None

    def __enter__(self) -> Self:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"github": self}))
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        """The server's root, below which the repository is."""
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def api(self) -> str:
        """The API's root."""
        return f"{self.url}/api/v3"

    def token(self, permissions: Mapping[str, str]) -> str:
        """A job's token."""
        token = f"ghs_{secrets.token_hex(16)}"
        self.tokens[token] = permissions
        return token

    def open_issues(self) -> list[JsonObject]:
        """The issues that are open."""
        return [issue for issue in self.issues if issue["state"] == "open"]

    def require_reviewers(self, environment: str) -> None:
        """From now on an environment asks its reviewers."""
        self.environments[environment] = [_REVIEWERS]

    def asks_reviewers(self, environment: str) -> bool:
        """Whether an environment asks somebody."""
        return bool(self.environments.get(environment))

    def answer_reviewers(self, run: int, environment: str, who: str, state: str) -> None:
        """A reviewer answers."""
        verdict = {"state": state, "comment": "", "environments": [{"name": environment}], "user": {"login": who}}
        self.approvals.setdefault(run, []).append(verdict)

    # The endpoints.

    def answer(self, method: str, path: str, query: Mapping[str, list[str]], body: JsonObject) -> Any:
        """The JSON of an answer, text of a log, or the status of a refusal."""
        for pattern, handler in _ENDPOINTS:
            if found := re.fullmatch(pattern, path):
                return handler(self, method, found, query, body)
        return 404

    def allowed(self, token: str, path: str, method: str) -> bool:
        """Whether a job's permissions let it make the request."""
        granted = self.tokens.get(token)
        if granted is None:
            return False
        if path.startswith(("actions/", "environments/")):
            names = ["actions"]
        elif not path or path.startswith(("rules/", "branches/")):
            names = ["metadata", "contents"]
        elif path.startswith(("git/", "compare/")):
            names = ["contents"]
        elif path.startswith(("commits/", "pulls/")):
            names = ["pull-requests"]
        else:
            names = ["issues"]
            number = re.match(r"issues/(\d+)/comments", path)
            if path.startswith("issues/comments/") or (number and not self._is_issue(int(number[1]))):
                names.append("pull-requests")
        wanted = ("read", "write") if method in _READING else ("write",)
        return any(granted.get(name) in wanted for name in names)

    def may_use_git(self, token: str, *, push: bool) -> bool:
        """Whether a token may fetch, or push."""
        granted = self.tokens.get(token, {}).get("contents")
        return granted == "write" if push else granted in ("read", "write")

    def comments_of_issue(
        self, method: str, found: re.Match[str], _query: Mapping[str, list[str]], body: JsonObject
    ) -> Any:
        comments = self.comments.setdefault(int(found[1]), [])
        return comments if method == "GET" else self._add(comments, body)

    def comment(self, method: str, found: re.Match[str], _query: Mapping[str, list[str]], body: JsonObject) -> Any:
        for comments in self.comments.values():
            for comment in comments:
                if comment["id"] == int(found[1]):
                    if method == "DELETE":
                        comments.remove(comment)
                        return 204
                    return self._changed(comment, body)
        return 404

    def issue(self, _method: str, found: re.Match[str], _query: Mapping[str, list[str]], body: JsonObject) -> Any:
        issue = next((issue for issue in self.issues if issue["number"] == int(found[1])), None)
        return 404 if issue is None else self._changed(issue, body)

    def issue_list(self, method: str, _found: re.Match[str], query: Mapping[str, list[str]], body: JsonObject) -> Any:
        if method == "GET":
            return [issue for issue in self.issues if issue["state"] == query["state"][0]]
        return self._add(self.issues, {"state": "open", **body})

    def pulls_of_commit(
        self, _method: str, found: re.Match[str], _query: Mapping[str, list[str]], _body: JsonObject
    ) -> Any:
        return self.pulls.get(found[1], [])

    def pull(self, _method: str, found: re.Match[str], _query: Mapping[str, list[str]], _body: JsonObject) -> Any:
        return next((pull for pulls in self.pulls.values() for pull in pulls if pull["number"] == int(found[1])), 404)

    def reviews_of(self, _method: str, found: re.Match[str], _query: Mapping[str, list[str]], _body: JsonObject) -> Any:
        return self.reviews.get(int(found[1]), [])

    def reference(self, _method: str, found: re.Match[str], _query: Mapping[str, list[str]], _body: JsonObject) -> Any:
        done = self._git("rev-parse", "--verify", "--quiet", f"refs/{found[1]}")
        return {"object": {"sha": done}} if done else 404

    def comparison(self, _method: str, found: re.Match[str], _query: Mapping[str, list[str]], _body: JsonObject) -> Any:
        base, head = found[1], found[2]
        if not (self._git("cat-file", "-t", base) and self._git("cat-file", "-t", head)):
            return 404
        ahead = self._git("rev-list", "--reverse", f"{base}..{head}").split()
        behind = self._git("rev-list", f"{head}..{base}").split()
        status = "diverged" if ahead and behind else "ahead" if ahead else "behind" if behind else "identical"
        return {"status": status, "commits": [{"sha": sha} for sha in ahead]}

    def run(self, _method: str, found: re.Match[str], _query: Mapping[str, list[str]], _body: JsonObject) -> Any:
        return self.runs.get(int(found[1]), 404)

    def run_list(self, _method: str, found: re.Match[str], query: Mapping[str, list[str]], _body: JsonObject) -> Any:
        wanted = {key: query[name][0] for name, key in (("branch", "head_branch"), ("event", "event")) if name in query}
        wanted |= {"status": query["status"][0]} if "status" in query else {}
        wanted["workflow_id"] = found[1]
        runs = [run for run in self.runs.values() if all(run[key] == value for key, value in wanted.items())]
        return {"workflow_runs": sorted(runs, key=lambda run: -int(run["run_number"]))}

    def artifact_list(
        self, _method: str, found: re.Match[str], _query: Mapping[str, list[str]], _body: JsonObject
    ) -> Any:
        names = self.artifacts.get(int(found[1]), [])
        return {"artifacts": [{"id": 500 + number, "name": name} for number, name in enumerate(names)]}

    def approval_list(
        self, _method: str, found: re.Match[str], _query: Mapping[str, list[str]], _body: JsonObject
    ) -> Any:
        return self.approvals.get(int(found[1]), [])

    def job_list(self, _method: str, found: re.Match[str], _query: Mapping[str, list[str]], _body: JsonObject) -> Any:
        names = list(self.logs.get(int(found[1]), {}))
        return {"jobs": [{"id": 1000 * int(found[1]) + n, "name": name} for n, name in enumerate(names)]}

    def log(self, _method: str, found: re.Match[str], _query: Mapping[str, list[str]], _body: JsonObject) -> Any:
        run, number = divmod(int(found[1]), 1000)
        text = list(self.logs[run].values())[number]
        return "".join(f"2026-11-25T00:00:00.0000000Z {line}\n" for line in text.splitlines())

    def environment(
        self, _method: str, found: re.Match[str], _query: Mapping[str, list[str]], _body: JsonObject
    ) -> Any:
        rules = self.environments.get(unquote(found[1]))
        return 404 if rules is None else {"name": unquote(found[1]), "protection_rules": rules}

    def repository(self, *_: Any) -> Any:
        return {"full_name": REPOSITORY, "default_branch": "main"}

    def variable(self, _method: str, found: re.Match[str], *_: Any) -> Any:
        return {"name": found[1], "value": self.variables[found[1]]} if found[1] in self.variables else 404

    def rules_of_branch(self, *_: Any) -> Any:
        return self.branch_rules

    def branch(self, *_: Any) -> Any:
        protected = self.protection is not None or bool(self.branch_rules)
        return {"name": "main", "protected": protected, "protection": self.protection or {"enabled": False}}

    def _git(self, *arguments: str) -> str:
        command = ["git", "-C", str(self.origin), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return done.stdout.strip() if done.returncode == 0 else ""

    def _is_issue(self, number: int) -> bool:
        return any(item["number"] == number for item in self.issues)

    def _add(self, items: list[JsonObject], body: JsonObject) -> Any:
        if len(body["body"].encode("utf-16-le")) // 2 > _LIMIT:
            return 422
        number = 1000 + sum(map(len, self.comments.values())) + len(self.issues)
        created = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        items.append({"id": number, "number": number, "user": _BOT, "created_at": created, **body})
        return items[-1]

    def _changed(self, item: JsonObject, body: JsonObject) -> Any:
        if len(body.get("body", "").encode("utf-16-le")) // 2 > _LIMIT:
            return 422
        item.update(body)
        return item


_ENDPOINTS: tuple[tuple[str, Callable[..., Any]], ...] = (
    (r"issues/(\d+)/comments", GitHub.comments_of_issue),
    (r"issues/comments/(\d+)", GitHub.comment),
    (r"issues/(\d+)", GitHub.issue),
    (r"issues", GitHub.issue_list),
    (r"commits/([0-9a-f]{40})/pulls", GitHub.pulls_of_commit),
    (r"pulls/(\d+)", GitHub.pull),
    (r"pulls/(\d+)/reviews", GitHub.reviews_of),
    (r"git/ref/(heads/.+)", GitHub.reference),
    (r"compare/([0-9a-f]{40})\.\.\.([0-9a-f]{40})", GitHub.comparison),
    (r"actions/runs/(\d+)", GitHub.run),
    (r"actions/runs/(\d+)/approvals", GitHub.approval_list),
    (r"actions/runs/(\d+)/artifacts", GitHub.artifact_list),
    (r"actions/runs/(\d+)/attempts/\d+/jobs", GitHub.job_list),
    (r"actions/jobs/(\d+)/logs", GitHub.log),
    (r"actions/workflows/([\w.-]+)/runs", GitHub.run_list),
    (r"environments/([^/]+)", GitHub.environment),
    (r"", GitHub.repository),
    (r"actions/variables/(\w+)", GitHub.variable),
    (r"rules/branches/main", GitHub.rules_of_branch),
    (r"branches/main", GitHub.branch),
)


class _Handler(BaseHTTPRequestHandler):
    github: GitHub
    protocol_version = "HTTP/1.1"

    def _handle(self) -> None:
        parts = urlsplit(self.path)
        length = int(self.headers.get("Content-Length", 0))
        content = self.rfile.read(length)
        if not f"{parts.path}/".startswith(_API):
            self._git(parts.path, parts.query, content)
            return
        path, query = parts.path.removeprefix(_API.rstrip("/")).lstrip("/"), parse_qs(parts.query)
        self.github.asked.append(f"{self.command} {path}")
        body = json.loads(content) if content else {}
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        if not self.github.allowed(token, path, self.command):
            self._send(403, {"message": "Resource not accessible by integration"})
            return
        hiccup = next((it for it in self.github.hiccups if (it.method, it.path) == (self.command, path)), None)
        if hiccup is not None:
            self.github.hiccups.remove(hiccup)
            if hiccup.carried_out:
                self.github.answer(self.command, path, query, body)
            self._send(hiccup.status, hiccup.body, hiccup.headers)
            return
        answer = self.github.answer(self.command, path, query, body)
        if isinstance(answer, list) and "per_page" in query:
            answer = _page(answer, query)
        elif isinstance(answer, dict) and "per_page" in query:
            answer = {key: _page(items, query) for key, items in answer.items()}
        if isinstance(answer, int):
            self._send(answer, {"message": "no"})
        else:
            self._send(201 if self.command == "POST" else 200, answer)

    do_GET = do_POST = do_PATCH = do_DELETE = _handle  # noqa: N815 - the names that http.server looks for

    def _git(self, path: str, query: str, content: bytes) -> None:
        """git's own server, for who has a token of the repository."""
        scheme, _, basic = self.headers.get("Authorization", "").partition(" ")
        token = b64decode(basic).decode().removeprefix("x-access-token:") if scheme == "Basic" else ""
        push = "git-receive-pack" in path + query
        if not path.startswith(f"/{REPOSITORY}/") or not self.github.may_use_git(token, push=push):
            self._send(403, "no", {"Content-Type": "text/plain"})
            return
        if path.endswith("/git-receive-pack"):
            self.github.before_push()
        environment = {
            "PATH": os.environ["PATH"],
            "GIT_PROJECT_ROOT": str(self.github.origin / ".git"),
            "GIT_HTTP_EXPORT_ALL": "1",
            "REMOTE_USER": "token",
            "REQUEST_METHOD": self.command,
            "PATH_INFO": path.removeprefix(f"/{REPOSITORY}"),
            "QUERY_STRING": query,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(content)),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
            "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
        }
        done = subprocess.run(["git", "http-backend"], env=environment, input=content, capture_output=True, check=True)
        head, _, body = done.stdout.partition(b"\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n"))
        self._send(int(headers.pop("Status", "200 OK").split()[0]), body, headers)

    def _send(self, status: int, body: Any, headers: Mapping[str, str] | None = None) -> None:
        data = body if isinstance(body, bytes) else (body if isinstance(body, str) else json.dumps(body)).encode()
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if status != 204:
            self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - http.server's signature
        """Say nothing: a test asserts what is held."""


def _page(items: list[Any], query: Mapping[str, list[str]]) -> list[Any]:
    size, page = int(query["per_page"][0]), int(query["page"][0])
    return items[(page - 1) * size : page * size]
