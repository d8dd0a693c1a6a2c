"""The WSGI application: counts a request, meets it with the fault that is due, answers it, remembers it."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from werkzeug import Request, Response

from .faults import EDITS
from .inject import inject
from .intake import take_body
from .log import Visit
from .server import WIRE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIEnvironment

    from .api import Api
    from .faults import Fault, Faults
    from .log import Log
    from .options import SandboxOptions
    from .store import Store
    from .tokens import Tokens


class App:
    """One tenant's application."""

    def __init__(
        self, api: Api, store: Store, tokens: Tokens, faults: Faults, log: Log, options: SandboxOptions
    ) -> None:
        self._api = api
        self._store = store
        self._tokens = tokens
        self._faults = faults
        self._log = log
        self._options = options
        self._closing = threading.Event()

    def close(self) -> None:
        """Ends delays and stalls, so that the server can stop at once."""
        self._closing.set()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path, _, query = environ["REQUEST_URI"].partition("?")
        visit = Visit(environ["REQUEST_METHOD"], path, query)
        self._log.arrive(visit)
        response = take_body(environ, self._options.max_body)
        if response is None:
            response = self._meet(Request(environ), visit)
        else:
            environ[WIRE].hang_up()
            visit.decided = response.status_code
        if self._options.latency:
            self._closing.wait(self._options.latency)
        if response is None:
            return ()
        visit.status = response.status_code
        return response(environ, start_response)

    def _meet(self, request: Request, visit: Visit) -> Response | None:
        def act(lie: Fault | None) -> Response:
            response = self._api.respond(request, visit, lie)
            visit.decided = response.status_code
            return response

        met = self._faults.hits(visit.method, visit.path, visit.query)
        self._edit(met, "edit-before")
        fault = next((one for one in met if one.kind not in EDITS), None)
        if fault is None:
            response: Response | None = act(None)
        else:
            visit.fault = fault.kind
            wire = request.environ[WIRE]
            response = inject(fault, act, wire=wire, tokens=self._tokens, closing=self._closing)
        self._edit(met, "edit-after")
        return response

    def _edit(self, met: tuple[Fault, ...], when: str) -> None:
        for fault in met:
            if fault.kind == when and fault.edit is not None:
                fault.edit(self._store)
