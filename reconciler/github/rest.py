"""GitHub's REST API for one repository: a request is repeated while GitHub has a hiccup, and only as long as that may help.

GitHub asks for patience in several ways: 429, 403 with the words of a secondary limit or with no requests left, 5xx, and
connections that break. What creates something may have been carried out although the answer was lost, so whoever creates
says how to find what would then be there.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import requests

from ..errors import GitHubError
from ..model import JsonObject
from .job import Job

_PAGE = 100  # items a page, GitHub's most
_TIMEOUT = (10, 30)  # seconds to connect, and between two bytes
_WAITS = (1, 4, 15, 40)  # seconds before each repetition, where GitHub does not say how long
_LONGEST_WAIT = 90  # seconds; a limit that lasts longer is not waited for
_LIMIT_WORDS = ("secondary rate limit", "abuse detection")


class GitHub:
    """One repository, as the job's token lets it be seen. `pause` waits for so many seconds.

    Every method raises GitHubError where GitHub refuses or stays away.
    """

    def __init__(self, job: Job, pause: Callable[[float], None] = time.sleep) -> None:
        self._root = f"{job.api}/repos/{job.repository}"
        self._pause = pause
        self._session = requests.Session()
        self._session.headers.update(
            {
                "Authorization": f"Bearer {job.token}",
                "Accept": "application/vnd.github+json",
                "X-GitHub-Api-Version": "2022-11-28",
            }
        )

    def get(self, path: str, **parameters: str | int) -> Any:
        """The JSON below the repository at `path`, of the repository itself where that is empty."""
        return self._asked("GET", path, params=parameters)

    def maybe(self, path: str) -> Any:
        """The same, None where there is no such thing."""
        return self._asked("GET", path, may_be_missing=True)

    def text(self, path: str) -> str:
        """The text that `path` leads to, by a redirect to another server too (which then gets no token)."""
        text: str = self._asked("GET", path, read=lambda answer: answer.content.decode("utf-8", "replace"))
        return text

    def items(self, path: str, key: str = "", **parameters: str | int) -> Iterator[JsonObject]:
        """All items of a list, page by page, in GitHub's order; `key` is where an object holds the list."""
        page = 1
        while True:
            answer = self.get(path, **parameters, per_page=_PAGE, page=page)
            items = answer[key] if key else answer
            yield from items
            if len(items) < _PAGE:
                return
            page += 1

    def create(self, path: str, body: JsonObject, already: Callable[[], JsonObject | None]) -> JsonObject:
        """What was made; `already` finds it where an answer was lost, so that nothing is made twice."""
        created: JsonObject = self._asked("POST", path, already=already, json=body)
        return created

    def change(self, path: str, body: JsonObject) -> None:
        """Change what is at `path`."""
        self._asked("PATCH", path, json=body)

    def delete(self, path: str) -> None:
        """Delete what is at `path`; what is gone already is fine."""
        self._asked("DELETE", path, may_be_missing=True, read=lambda _: None)

    def _asked(
        self,
        method: str,
        path: str,
        *,
        read: Callable[[requests.Response], Any] = requests.Response.json,
        may_be_missing: bool = False,
        already: Callable[[], JsonObject | None] = lambda: None,
        **content: Any,
    ) -> Any:
        """What `read` makes of the answer to one request, which is repeated where that may help."""
        for wait in (*_WAITS, None):
            answer, problem = self._once(method, path, content)
            if answer is not None and answer.ok:
                return read(answer)
            if may_be_missing and answer is not None and answer.status_code == requests.codes.not_found:
                return None
            patience = _patience(answer)
            if wait is None or patience is None or patience > _LONGEST_WAIT:
                break
            self._pause(patience if patience >= 0 else wait)
            if (made := already()) is not None:
                return made
        raise GitHubError(f"{problem} to {method} {path}", hint="look at githubstatus.com, and run the job again")

    def _once(self, method: str, path: str, content: JsonObject) -> tuple[requests.Response | None, str]:
        try:
            answer = self._session.request(method, f"{self._root}/{path}".rstrip("/"), timeout=_TIMEOUT, **content)
        except requests.RequestException as error:
            return None, f"GitHub could not be reached ({type(error).__name__})"
        return answer, f"GitHub answered {answer.status_code} {_words_of(answer)!r}"


def _patience(answer: requests.Response | None) -> float | None:
    """Seconds to wait before another try; negative where GitHub does not say, None where another try is of no use."""
    if answer is None or answer.status_code >= requests.codes.server_error:
        return -1
    exhausted = answer.headers.get("X-RateLimit-Remaining") == "0"
    limited = exhausted or "Retry-After" in answer.headers or any(word in answer.text.lower() for word in _LIMIT_WORDS)
    if answer.status_code != requests.codes.too_many and not (
        answer.status_code == requests.codes.forbidden and limited
    ):
        return None
    try:
        if "Retry-After" in answer.headers:
            return max(0.0, float(answer.headers["Retry-After"]))
        if exhausted:
            return max(0.0, float(answer.headers["X-RateLimit-Reset"]) - time.time())
    except (KeyError, ValueError):
        pass
    return -1


def _words_of(answer: requests.Response) -> str:
    try:
        return str(answer.json()["message"])[:300]
    except (ValueError, KeyError, TypeError):
        return answer.text[:300]
