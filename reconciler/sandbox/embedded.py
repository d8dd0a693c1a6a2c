"""One embedded CXone: the parts put together, from its start to its stop."""

from __future__ import annotations

import contextlib
import dataclasses
import secrets
import time
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Generic, Self, TypeVar

from ..errors import ReconcilerError
from .admin_api import AdminApi
from .admin_tokens import AdminTokens, made_keys
from .api import Api, Limits, Seen
from .app import KEPT, Answers, App
from .faults import Faults
from .options import SandboxOptions
from .server import LoopbackServer
from .skill_store import SkillStore, decode_skills
from .state import GroupCommit, StateFile
from .store import Store, default_agents, keep_nowhere
from .tokens import IssuedTokens

_DEFAULTS = SandboxOptions()


Holds = TypeVar("Holds", Store, SkillStore)


class Embedded(ABC, Generic[Holds]):
    """A tenant on loopback, running between `start` and `stop` or inside `with`. A subclass says which API it speaks.

    With a `state_file` the tenant is what that file holds, plus what its files need, and every write is in the file
    before it is answered.
    """

    def __init__(
        self, name: str, store: Holds, options: SandboxOptions, faults: Faults | None, state: Path | None
    ) -> None:
        self.name = name
        self.faults = faults or Faults()
        self.store: Holds = store
        self._options = options
        self._log: deque[Seen] = deque(maxlen=KEPT)
        self._state = StateFile(state) if state else None
        self._running: tuple[LoopbackServer, App, str] | None = None

    @abstractmethod
    def answers(self) -> Answers:
        """What answers the requests of one run."""

    @abstractmethod
    def load(self, state: StateFile) -> bool:
        """Take over what a state file holds; whether there is one."""

    @abstractmethod
    def write(self, state: StateFile) -> int:
        """Write all there is to the state file; returns its revision."""

    def complete(self) -> None:
        """Add what has to exist from the start."""

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

    def start(self) -> None:
        """Starts it; nothing where it runs. Raises ReconcilerError where its state cannot be used or it cannot listen."""
        if self._running is not None:
            return
        with contextlib.ExitStack() as undo:
            if self._state:
                self._open(self._state, undo)
            app = App(self.answers(), self.faults, self._log)
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
        is_new = not self.load(state)
        self.store.keep = GroupCommit(lambda: self.write(state)).wait
        try:
            self.complete()
            if is_new:
                self.store.save()
        except OSError as error:
            raise ReconcilerError(
                f"the sandbox state {state.path} cannot be written: {error.strerror or error}",
                hint="run where the folder can be written",
            ) from error

    def _close(self, state: StateFile) -> None:
        self.store.keep = keep_nowhere
        state.release()


class Sandbox(Embedded[Store]):
    """A tenant of the dialer's API.

    `campaigns` exist from the start; `agents` is the number of ACTIVE ones, unless the state file has them. `clock`
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
        store = Store(campaigns=campaigns, agents=default_agents(agents))
        super().__init__(name, store, options, faults, state_file)
        self.client_id = client_id
        self.client_secret = client_secret or secrets.token_urlsafe(24)
        self._campaigns = store.campaigns
        self._clock = clock
        self._tokens = IssuedTokens(self.client_id, self.client_secret, options, clock)

    @property
    def variables(self) -> dict[str, str]:
        """The environment that leads a command to it."""
        return {
            "CXONE_BASE_URI": self.base_uri,
            "CXONE_CLIENT_ID": self.client_id,
            "CXONE_CLIENT_SECRET": self.client_secret,
        }

    def revoke_tokens(self) -> None:
        """Makes every token issued so far unknown."""
        self._tokens.revoke()

    def answers(self) -> Answers:
        return Api(self.store, self._options, self._tokens, Limits(self._options, self._clock))

    def load(self, state: StateFile) -> bool:
        snapshot = state.load()
        if snapshot is not None:
            self.store.restore(snapshot)
        return snapshot is not None

    def write(self, state: StateFile) -> int:
        return state.save(self.store.snapshot())

    def complete(self) -> None:
        self.store.ensure_campaigns(self._campaigns)


class AdminSandbox(Embedded[SkillStore]):
    """A tenant of the Admin API.

    `campaigns` and `skills` (campaign, name, number or None) exist from the start; `timezone` is the IANA zone of the business unit, unless the
    state file has another. `quirks` are names of `QUIRKS`; `places` overrides
    what discovery says: `token_endpoint`, `api_endpoint`.
    """

    def __init__(
        self,
        *,
        name: str = "sandbox",
        skills: Iterable[tuple[str, str, str | None]] = (),
        campaigns: Iterable[str] = (),
        timezone: str = "America/New_York",
        state_file: Path | None = None,
        options: SandboxOptions = _DEFAULTS,
        quirks: Iterable[str] = (),
        places: Mapping[str, str] | None = None,
        faults: Faults | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        from tzlocal.windows_tz import tz_win

        super().__init__(name, SkillStore(tz_win.get(timezone, timezone)), options, faults, state_file)
        self.keys = made_keys()
        self.quirks = set(quirks)
        self.places: dict[str, str] = dict(places or {})
        self._skills, self._campaigns = tuple(skills), tuple(campaigns)
        self._clock = clock
        self._tokens = AdminTokens(self.keys, options, clock)

    @property
    def variables(self) -> dict[str, str]:
        """The environment that leads a command to it."""
        return {
            "CXONE_BASE_URI": self.base_uri,
            "CXONE_ISSUER": self.base_uri,
            "CXONE_CLIENT_ID": self.keys.client_id,
            "CXONE_CLIENT_SECRET": self.keys.client_secret,
            "CXONE_ACCESS_KEY_ID": self.keys.access_key_id,
            "CXONE_ACCESS_KEY_SECRET": self.keys.access_key_secret,
        }

    def revoke_tokens(self) -> None:
        """Makes every token issued so far unknown."""
        self._tokens.revoke()

    def answers(self) -> Answers:
        limits = Limits(self._options, self._clock)
        return AdminApi(self.store, self._options, self._tokens, limits, self.quirks, self.places)

    def start(self) -> None:
        if self._state is None:
            self.complete()
        super().start()

    def load(self, state: StateFile) -> bool:
        snapshot = state.read(decode_skills)
        if snapshot is not None:
            self.store.restore(snapshot)
        return snapshot is not None

    def write(self, state: StateFile) -> int:
        snapshot = self.store.snapshot()
        return state.put(snapshot.encoded(), snapshot.revision)

    def complete(self) -> None:
        self.store.ensure(self._campaigns, self._skills)
