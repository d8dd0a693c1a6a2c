"""What every command passes down, and opening a tenant: the real one, or the embedded CXone that needs no credentials."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from .. import cxone, hosts
from ..desired import DesiredTenant, TenantFiles
from ..errors import TenantError, UsageError
from ..observe import Reading, Wanted
from ..settings import TenantSettings, issuer_url

if TYPE_CHECKING:
    from ..dialect import Dialect

BASE_URI_ENV = "CXONE_BASE_URI"
ISSUER_ENV = "CXONE_ISSUER"
SANDBOX = "sandbox"
STATE_FOLDER = Path(".reconciler")


@dataclass(frozen=True, slots=True)
class Options:
    """What every command passes down: nothing below the command line reads arguments or the environment.

    `tenants` and `campaigns` narrow, empty is all; `applied` is a revision or `none`; `changed` plans only campaigns that differ from the base; `progress` hears what is done, how much of it, of how much.

    The law must hold at `as_of`, and at `today` where that is given. `at` is the instant that it is now, None where only
    the date is known: then it is that date everywhere. `note` hears why nothing happens for a while.
    `clock` times every wait for a tenant.
    """

    path: str
    as_of: date
    environ: Mapping[str, str]
    tenants: frozenset[str] = frozenset()
    campaigns: frozenset[str] = frozenset()
    base: str | None = None
    applied: str | None = None
    changed: bool = False
    sandbox: bool = False
    progress: Callable[[str, int, int], None] = lambda _what, _done, _total: None
    note: Callable[[str], None] = lambda _text: None
    clock: cxone.Clock = cxone.SYSTEM
    today: date | None = None
    at: datetime | None = None


def scopes_for(settings: TenantSettings, *, agents: bool, write: bool) -> tuple[str, ...]:
    """The least that a plan, or with `write` an apply, of a tenant needs; whether the `agents` are to be read is known."""
    webhooks = settings.webhook_url is not None
    return (
        cxone.READ,
        *((cxone.AGENTS,) if agents else ()),
        *((cxone.WRITE,) if write else ()),
        *((cxone.WEBHOOKS_WRITE,) if webhooks and write else ()),
        *((cxone.WEBHOOKS_READ,) if webhooks else ()),
    )


def base_uri_of(settings: TenantSettings, options: Options, selected: int) -> str:
    """The base URI that documents show; UsageError where `CXONE_BASE_URI` cannot be meant, or may not be used."""
    if options.sandbox:
        return SANDBOX
    override = options.environ.get(BASE_URI_ENV, "").rstrip("/")
    if not override:
        return settings.uri
    if selected > 1:
        raise UsageError(
            f"{BASE_URI_ENV} is set and {selected} tenants are selected; it can stand for one tenant only",
            hint="select one with --tenant NAME, or unset the variable",
        )
    fault = hosts.fault_of(override, hosts.allowed_hosts(options.environ))
    if fault is not None:
        raise UsageError(f"{BASE_URI_ENV}: {fault}")
    return override


@contextmanager
def open_target(
    settings: TenantSettings,
    base_uri: str,
    scopes: tuple[str, ...],
    options: Options,
    stop: threading.Event,
    desired: DesiredTenant | None = None,
) -> Iterator[Dialect]:
    """Connect to one tenant with the credentials of the environment, or to the sandbox that stands in for what is `desired`;
    nothing is sent before the first read. TenantError where credentials are missing."""
    with ExitStack() as stack:
        if base_uri == SANDBOX and desired is not None:
            settings, credentials = _stand_in(desired, stack)
        else:
            credentials = cxone.credentials_from(settings, options.environ)
            place = settings if base_uri == settings.uri else settings._replace(base_uri=base_uri)
            settings = with_issuer(place, options.environ)
        connection = cxone.connect(
            settings,
            credentials,
            scopes,
            stop=stop,
            environ=options.environ,
            clock=options.clock,
            note=lambda text: options.note(f"{settings.name}: {text}"),
        )
        yield stack.enter_context(connection)


def _stand_in(tenant: DesiredTenant, stack: ExitStack) -> tuple[TenantSettings, cxone.Credentials]:
    """The embedded CXone as the tenant of `--sandbox`, until `stack` is closed: what the files name exists, and its state is
    kept between runs. Returns the settings that lead to it, and the credentials."""
    from ..sandbox import AdminSandbox, Sandbox, state_path  # a server: nothing else needs it

    settings = tenant.settings._replace(paths={})
    name, admin = settings.name, settings.admin
    if admin is None:
        state = state_path(STATE_FOLDER, name)
        box = stack.enter_context(Sandbox(name=name, campaigns=tenant.campaigns, state_file=state))
        return settings._replace(base_uri=box.base_uri), cxone.Credentials(box.client_id, box.client_secret)
    skills = [(schedule.campaign_id, schedule.name, schedule.pinned_id) for schedule in tenant.schedules]
    state = state_path(STATE_FOLDER / "admin", name)
    admin_box = stack.enter_context(AdminSandbox(name=name, skills=skills, timezone=admin.timezone, state_file=state))
    keys, uri = admin_box.keys, admin_box.base_uri
    credentials = cxone.Credentials(keys.client_id, keys.client_secret, (), keys.access_key_id, keys.access_key_secret)
    return settings._replace(base_uri=uri, admin=admin._replace(issuer=uri)), credentials


def begin(settings: TenantSettings, wanted: Wanted, dialect: Dialect, stack: ExitStack) -> Reading:
    """Begin to read what is `wanted` of a tenant, until `stack` is closed."""
    reading = Reading(dialect, settings.requests.concurrency)
    stack.callback(reading.drop)
    reading.begin(wanted)
    return reading


def begin_ahead(
    tenants: Sequence[TenantFiles], options: Options, stop: threading.Event, stack: ExitStack, *, write: bool
) -> dict[str, Reading]:
    """Begin to read the first tenant before its files are checked, where they are all YAML; by its name. What keeps it from being
    asked is said when its turn comes, and what its answers are is not looked at where its files turn out to be wrong."""
    late = options.sandbox or options.changed  # what is read is known only when both sides are
    named = {files.tenant.settings.name for files in tenants}, {name for files in tenants for name in files.names}
    late = late or not (options.tenants <= named[0] and options.campaigns <= named[1])  # perhaps a name that is wrong
    for files in () if late else tenants[:1]:
        settings = files.tenant.settings
        # What the Admin API cannot carry is said before anything is sent.
        if files.is_whole and files.named and settings.admin is None:
            agents = settings.capacity.agents is None and files.projects
            scopes = scopes_for(settings, agents=agents, write=write)
            with suppress(UsageError, TenantError):
                base_uri = base_uri_of(settings, options, len(tenants))
                dialect = stack.enter_context(open_target(settings, base_uri, scopes, options, stop))
                wanted = Wanted(files.named, agents=agents, webhooks=settings.webhook_url is not None)
                return {settings.name: begin(settings, wanted, dialect, stack)}
    return {}


def with_issuer(settings: TenantSettings, environ: Mapping[str, str]) -> TenantSettings:
    """The settings with the issuer that the environment names instead, such as that of a sandbox."""
    issuer = environ.get(ISSUER_ENV, "").strip()
    if settings.admin is None or not issuer:
        return settings
    if (fault := hosts.fault_of(issuer_url(issuer), hosts.allowed_hosts(environ))) is not None:
        raise UsageError(f"{ISSUER_ENV}: {fault}")
    return settings._replace(admin=settings.admin._replace(issuer=issuer_url(issuer)))
