"""One embedded CXone: the parts put together, from its start to its stop."""

from __future__ import annotations

import contextlib
import dataclasses
import secrets
import time
from collections import deque
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Self

from ..errors import ReconcilerError
from .api import Api, Limits, Seen
from .app import KEPT, App
from .faults import Faults
from .options import SandboxOptions
from .server import LoopbackServer
from .state import GroupCommit, StateFile
from .store import Store, default_agents, keep_nowhere
from .tokens import IssuedTokens

_DEFAULTS = SandboxOptions()


class Sandbox:
    """A CXone tenant on loopback, running between `start` and `stop` or inside `with`.

    `campaigns` exist from the start; `agents` is the number of ACTIVE ones. With a `state_file` the tenant is what
    that file holds (its agents too) plus `campaigns`, and every write is in the file before it is answered. `clock`
    (seconds, never going back) times token lifetimes and the rate limit.
    """

    def __init__(
        self,
        *,
        name: str = "sandbox",
        campaigns: Iterable[str] = (),
        agents: int = 200,
        state_file: Path | None = None,
        options: SandboxOptions = _DEFAULTS,
        client_id: str = "sandbox",
        client_secret: str | None = None,
        faults: Faults | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = name
        self.client_id = client_id
        self.client_secret = client_secret or secrets.token_urlsafe(24)
        self.faults = faults or Faults()
        self.store = Store(campaigns=campaigns, agents=default_agents(agents))
        self._options = options
        self._clock = clock
        self._log: deque[Seen] = deque(maxlen=KEPT)
        self._tokens = IssuedTokens(self.client_id, self.client_secret, options, clock)
        self._state = StateFile(state_file) if state_file else None
        self._running: tuple[LoopbackServer, App, str] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def base_uri(self) -> str:
        """Where it listens, such as http://127.0.0.1:40123."""
        if self._running is None:
            raise ReconcilerError(f"the sandbox {self.name} is not running")
        return self._running[2]

    @property
    def log(self) -> tuple[Seen, ...]:
        """All requests so far, in the order of their arrival."""
        return tuple(dataclasses.replace(seen) for seen in self._log.copy())

    def clear_log(self) -> None:
        """Forgets the requests so far."""
        self._log.clear()

    def revoke_tokens(self) -> None:
        """Makes every token issued so far unknown."""
        self._tokens.revoke()

    def start(self) -> None:
        """Starts it; nothing where it runs. Raises ReconcilerError where its state cannot be used or it cannot listen."""
        if self._running is not None:
            return
        with contextlib.ExitStack() as undo:
            if self._state:
                self._open(self._state, undo)
            api = Api(self.store, self._options, self._tokens, Limits(self._options, self._clock))
            app = App(api, self.faults, self._log)
            server = LoopbackServer(self._options.host, self._options.port, app)
            try:
                base_uri = server.start()
            except OSError as error:
                where = f"{self._options.host} port {self._options.port}"
                reason = getattr(error.__cause__, "strerror", None) or error.strerror or error
                raise ReconcilerError(
                    f"the sandbox cannot listen on {where}: {reason}",
                    hint="choose another port, or 0 for any that is free",
                ) from error
            if self._state:
                self._state.announce(base_uri)
            self._running = (server, app, base_uri)
            undo.pop_all()

    def stop(self) -> None:
        """Stops it; requests in flight end first. Nothing where it does not run."""
        if self._running is None:
            return
        server, app, _ = self._running
        self._running = None
        app.close()
        server.stop()
        if self._state:
            self._close(self._state)

    def _open(self, state: StateFile, undo: contextlib.ExitStack) -> None:
        state.acquire()
        undo.callback(self._close, state)
        snapshot = state.load()
        ids = self.store.campaigns
        if snapshot is not None:
            self.store.restore(snapshot)
        self.store.keep = GroupCommit(lambda: state.save(self.store.snapshot())).wait
        try:
            self.store.ensure_campaigns(ids)
            if snapshot is None:
                self.store.save()
        except OSError as error:
            raise ReconcilerError(
                f"the sandbox state {state.path} cannot be written: {error.strerror or error}",
                hint="run where the folder can be written",
            ) from error

    def _close(self, state: StateFile) -> None:
        self.store.keep = keep_nowhere
        state.release()
