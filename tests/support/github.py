"""GitHub's API on loopback, as far as the pipelines use it: it keeps comments and issues, and is as strict about tokens,
permissions and lengths as GitHub."""

from __future__ import annotations

import json
import re
import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

JsonObject = dict[str, Any]

REPOSITORY = "contact-center/schedules"
_LIMIT = 65_536
_BOT = {"login": "github-actions[bot]", "type": "Bot"}


@dataclass
class GitHub:
    """What GitHub holds. `pulls` are pull requests by the commits they were merged with; runs inside `with`."""

    comments: dict[int, list[JsonObject]] = field(default_factory=dict)
    issues: list[JsonObject] = field(default_factory=list)
    pulls: dict[str, list[JsonObject]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    tokens: dict[str, Mapping[str, str]] = field(default_factory=dict)
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
        """The API's root."""
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.server_port}"

    def token(self, permissions: Mapping[str, str]) -> str:
        """A job's token."""
        token = f"ghs_{secrets.token_hex(16)}"
        self.tokens[token] = permissions
        return token

    def open_issues(self) -> list[JsonObject]:
        """The issues that are open."""
        return [issue for issue in self.issues if issue["state"] == "open"]

    # The endpoints, as (method, path, permission that any one of suffices, handler).

    def answer(self, method: str, path: str, query: Mapping[str, list[str]], body: JsonObject) -> Any:
        """The JSON of an answer, or the status of a refusal."""
        if found := re.fullmatch(r"issues/(\d+)/comments", path):
            comments = self.comments.setdefault(int(found[1]), [])
            return comments if method == "GET" else self._add(comments, body)
        if found := re.fullmatch(r"issues/comments/(\d+)", path):
            every = [comment for of_one in self.comments.values() for comment in of_one]
            return self._change(every, "id", int(found[1]), body)
        if found := re.fullmatch(r"issues/(\d+)", path):
            return self._change(self.issues, "number", int(found[1]), body)
        if path == "issues":
            if method == "GET":
                return [issue for issue in self.issues if issue["state"] == query["state"][0]]
            return self._add(self.issues, {"state": "open", **body})
        if found := re.fullmatch(r"commits/([0-9a-f]{40})/pulls", path):
            return self.pulls.get(found[1], [])
        return 404

    def allowed(self, token: str, path: str, method: str) -> bool:
        """Whether a job's permissions let it make the request."""
        granted = self.tokens.get(token)
        if granted is None:
            return False
        names = ["pull-requests"] if path.startswith("commits/") else ["issues"]
        number = re.match(r"issues/(\d+)/comments", path)
        if path.startswith("issues/comments/") or (number and not self._is_issue(int(number[1]))):
            names.append("pull-requests")
        wanted = ("read", "write") if method == "GET" else ("write",)
        return any(granted.get(name) in wanted for name in names)

    def _is_issue(self, number: int) -> bool:
        return any(item["number"] == number for item in self.issues)

    def _add(self, items: list[JsonObject], body: JsonObject) -> Any:
        if len(body["body"]) > _LIMIT:
            return 422
        number = 1000 + sum(map(len, self.comments.values())) + len(self.issues)
        items.append({"id": number, "number": number, "user": _BOT, **body})
        return items[-1]

    def _change(self, items: list[JsonObject], key: str, number: int, body: JsonObject) -> Any:
        if len(body.get("body", "")) > _LIMIT:
            return 422
        for item in items:
            if item[key] == number:
                item.update(body)
                return item
        return 404


class _Handler(BaseHTTPRequestHandler):
    github: GitHub
    protocol_version = "HTTP/1.1"

    def _handle(self) -> None:
        parts = urlsplit(self.path)
        path = parts.path.removeprefix(f"/repos/{REPOSITORY}/")
        query = parse_qs(parts.query)
        length = int(self.headers.get("Content-Length", 0))
        body = json.loads(self.rfile.read(length)) if length else {}
        self.github.asked.append(f"{self.command} {path}")
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        if not self.github.allowed(token, path, self.command):
            self._send(403, {"message": "Resource not accessible by integration"})
            return
        found = self.github.answer(self.command, path, query, body)
        if isinstance(found, list):
            size, page = int(query["per_page"][0]), int(query["page"][0])
            found = found[(page - 1) * size : page * size]
        if isinstance(found, int):
            self._send(found, {"message": "no"})
        else:
            self._send(201 if self.command == "POST" else 200, found)

    do_GET = do_POST = do_PATCH = _handle  # noqa: N815 - the names that http.server looks for

    def _send(self, status: int, body: Any) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - http.server's signature
        """Say nothing: a test asserts what is held."""
