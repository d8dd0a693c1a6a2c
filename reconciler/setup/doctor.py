"""What `doctor` looks at, in the order in which one thing needs the other. It changes nothing, and sends nothing but GET and the
request for a token.

A check is made only where those that it needs went well: whatever is wrong is said once, and what could not be looked at for that
reason is `skipped`. So the first wrong line is the one to mend.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import NamedTuple

from .. import cxone, desired, hosts, rules, sources
from ..audit.months import find_journals
from ..desired import DesiredTenant
from ..dialect import Dialect
from ..errors import DesiredStateError, ReconcilerError, TenantError, UnreachableError
from ..findings import Finding, Severity
from ..phrases import counted, listing
from ..pipeline.check import Checked, check_files
from ..pipeline.tenants import Options, base_uri_of, open_target, scopes_for, with_issuer
from ..settings import TenantSettings

OK, UNSURE, WRONG, SKIPPED = "ok", "unsure", "wrong", "skipped"
_MOST_SKEW = 300.0  # seconds by which two clocks may differ; no day and no token is mistaken for that
_ATTEMPTS = 2


class Check(NamedTuple):
    """One line: what was looked at, of which tenant (None: of none), how it is, and what to do about it."""

    name: str
    state: str
    message: str
    advice: str = ""
    tenant: str | None = None


@dataclass(frozen=True, slots=True)
class Examination:
    """What to look at: the journal's place, and whether writing is to be asked for."""

    journal: Path
    write: bool
    stop: threading.Event


def examine(options: Options, examination: Examination) -> Iterator[Check]:
    """Every check but those of GitHub, in order, as it is made. UsageError for a tenant or campaign that no file names."""
    checked = check_files(_with_all_hosts(options))
    yield _files(checked, options.path)
    for tenant in checked.tenants:
        for check in _tenant_checks(tenant, len(checked.tenants), options, examination):
            yield check._replace(tenant=tenant.settings.name)
    yield _journal(examination.journal)


def _with_all_hosts(options: Options) -> Options:
    """The options under which every host is allowed: a host that is not is a check of its own, not a fault of the files."""
    try:
        state = sources.state_of(options.path)
        loaded = desired.load(sources.WorkTree(state.root), options.path)
    except DesiredStateError:
        return options
    named = {
        host
        for tenant in (*loaded.tenants, *loaded.unusable)
        for uri in _uris(tenant.settings)
        if (host := hosts.host_of(uri))
    }
    allowed = " ".join(sorted(hosts.allowed_hosts(options.environ) | named))
    return replace(options, environ={**options.environ, hosts.ALLOWED_HOSTS_ENV: allowed})


def _uris(settings: TenantSettings) -> tuple[str, ...]:
    """Where credentials of a tenant go: the host of the sign-in, and the API's."""
    issuer = () if settings.admin is None else (settings.admin.issuer,)
    return tuple(dict.fromkeys(uri for uri in (*issuer, settings.base_uri) if uri))


def _files(checked: Checked, path: str) -> Check:
    findings = checked.all_findings
    errors = sum(finding.severity is Severity.ERROR for finding in findings)
    warnings = sum(finding.severity is Severity.WARNING for finding in findings)
    what = f"{counted(checked.files, 'file')} with {counted(checked.schedules, 'schedule')}"
    if errors:
        first = next(finding for finding in findings if finding.severity is Severity.ERROR)
        if first.code == "no-schedules":
            return Check("files", WRONG, first.message)
        advice = f"`reconciler validate {path}` shows where, and what to do"
        return Check("files", WRONG, f"{counted(errors, 'error')} in {what}", advice)
    return Check("files", OK, f"{what}, no errors, {counted(warnings, 'warning')}")


def _tenant_checks(tenant: DesiredTenant, selected: int, options: Options, examination: Examination) -> Iterator[Check]:
    """The checks of one tenant, each made only where those before it that it needs went well."""
    settings = tenant.settings
    zone = () if settings.admin is None else ("zone",)
    of_the_tenant = ("token", "campaigns", *zone, "agents", "webhooks", *(("write",) if examination.write else ()))
    try:
        base_uri, uris = _places(tenant, selected, options)
    except ReconcilerError as error:
        yield Check("host", WRONG, error.message, error.hint or "correct the variable, or unset it")
        others = ("credentials", "connection", "TLS", "clock", *of_the_tenant)
        yield from _skipped(*others, reason="the host is not allowed")
        return
    yield Check("host", OK, f"{listing([hosts.host_of(uri) for uri in uris])} may receive credentials")
    yield (credentials := _credentials(settings, options))
    contact = tuple(_connections(uris, settings, options, examination.stop))
    yield from contact
    if credentials.state == WRONG or any(check.state == WRONG for check in contact[:2]):
        reason = "there are no credentials" if credentials.state == WRONG else "there is no connection"
        yield from _skipped(*of_the_tenant, reason=reason)
        return
    limits = settings.requests._replace(attempts=min(settings.requests.attempts, _ATTEMPTS))
    patient = settings._replace(requests=limits)
    try:
        agents = rules.needs_agents(settings, tenant.schedules)
        scopes = scopes_for(settings, agents=agents, write=False)
        with open_target(patient, base_uri, scopes, options, examination.stop) as dialect:
            dialect.authorize()
            yield Check("token", OK, "for the user of the access key" if settings.admin else f"with {_needed(scopes)}")
            yield from _reads(tenant, dialect, agents=agents)
    except ReconcilerError as error:
        yield _wrong("token", error)
        yield from _skipped(*of_the_tenant[1:], reason="there is no token")
        return
    if examination.write:
        scopes = scopes_for(settings, agents=agents, write=True)
        yield _writing(patient, base_uri, scopes, options, examination.stop)


def _places(tenant: DesiredTenant, selected: int, options: Options) -> tuple[str, tuple[str, ...]]:
    """The base URI, and all that credentials go to; raises where they may not."""
    allowed = hosts.allowed_hosts(options.environ)
    file = tenant.settings.location.file
    for uri in _uris(tenant.settings):
        if (fault := hosts.fault_of(uri, allowed)) is not None:
            raise TenantError(fault, hint=f"correct it in {file}")
    settings = with_issuer(tenant.settings, options.environ)
    base_uri = base_uri_of(tenant.settings, options, selected)
    override = settings._replace(base_uri=base_uri) if base_uri != tenant.settings.uri else settings
    return base_uri, _uris(override)


def _credentials(settings: TenantSettings, options: Options) -> Check:
    try:
        credentials = cxone.credentials_from(settings, options.environ)
    except ReconcilerError as error:
        return _wrong("credentials", error)
    names = [settings.client_id_env, settings.client_secret_env]
    if settings.admin is not None:
        keys = [settings.admin.key_id_env, settings.admin.key_secret_env]
        names = keys if settings.admin.sign_in == "accessKey" else [*names, *keys]
    if credentials.doubts:
        return Check("credentials", UNSURE, "; ".join(credentials.doubts), "set them anew if the token is refused")
    return Check("credentials", OK, f"{listing(names)} are set")


def _connections(
    uris: tuple[str, ...], settings: TenantSettings, options: Options, stop: threading.Event
) -> Iterator[Check]:
    """Whether each host answers at all, over TLS, and what time it is there."""
    date = None
    for uri in uris:
        host = hosts.host_of(uri)
        try:
            date = cxone.first_contact(uri, settings, stop=stop, environ=options.environ, clock=options.clock)
        except ReconcilerError as error:
            if isinstance(error, UnreachableError) and not error.trusted:
                advice = "have the certificate mended, or name the authority that signed it in REQUESTS_CA_BUNDLE; TLS is always verified"
                yield Check("connection", OK, f"{host} is there")
                yield Check("TLS", WRONG, error.message, advice)
                yield from _skipped("clock", reason="there is no connection")
            else:
                yield _wrong("connection", error)
                yield from _skipped("TLS", "clock", reason="there is no connection")
            return
    yield Check("connection", OK, f"{listing([hosts.host_of(uri) for uri in uris])} answered")
    is_plain = all(uri.startswith("http://") for uri in uris)
    yield Check("TLS", OK, "not used on this machine itself" if is_plain else "the certificate is trusted")
    yield _clock(date, datetime.now(UTC))


def _clock(date: str | None, now: datetime) -> Check:
    try:
        there = parsedate_to_datetime(date or "")
        skew = (now - there.replace(tzinfo=there.tzinfo or UTC)).total_seconds()
    except (ValueError, TypeError, OverflowError):
        return Check("clock", UNSURE, "the tenant does not say what time it is")
    if abs(skew) <= _MOST_SKEW:
        return Check("clock", OK, f"within {_MOST_SKEW / 60:.0f} minutes of the tenant's")
    direction = "ahead of" if skew > 0 else "behind"
    message = f"this machine's clock is {counted(round(abs(skew) / 60), 'minute')} {direction} the tenant's"
    return Check("clock", WRONG, message, "set it by the network: closures and calling hours depend on the date")


def _needed(scopes: tuple[str, ...]) -> str:
    return " ".join(scope for scope in scopes if scope not in cxone.OPTIONAL)


def _reads(tenant: DesiredTenant, dialect: Dialect, *, agents: bool) -> Iterator[Check]:
    """One read of every list that a plan needs."""
    admin = tenant.settings.admin
    try:
        campaigns = dialect.campaigns()
        what, skills = counted(len(campaigns), "campaign"), sum(campaign.skills for campaign in campaigns)
        words = f"{counted(skills, 'skill')} that can be managed, in {what}" if admin else f"{what} can be read"
        if admin and not skills:
            advice = "have the user of the access key see the Personal Connection skills that dial"
            yield Check("campaigns", UNSURE, "no skill that can be managed is seen", advice)
        else:
            yield Check("campaigns", OK, words)
    except TenantError as error:
        yield _wrong("campaigns", error)
    if admin is not None:
        yield from _of_skills(dialect.findings(()), admin.timezone)  # of no schedule: what holds for all of them
    if agents:
        try:
            yield Check("agents", OK, f"workforce management has {counted(dialect.active_agents(), 'active agent')}")
        except TenantError as error:
            yield _wrong("agents", error)
    else:
        yield Check("agents", OK, "not needed: no schedule asks for the agent projection")
    if tenant.settings.webhook_url is None:
        yield Check("webhooks", OK, "not needed: tenant.yaml has no webhook")
        return
    try:
        webhooks = dialect.webhooks()
    except TenantError as error:
        yield _wrong("webhooks", error)
        return
    if webhooks is None:
        advice = f"have the client given {cxone.WEBHOOKS_READ}, so that a plan can say which webhooks are missing"
        yield Check("webhooks", UNSURE, "the list cannot be read with this client", advice)
    else:
        yield Check("webhooks", OK, f"{counted(len(webhooks), 'webhook')} can be read")


def _of_skills(findings: tuple[Finding, ...], timezone: str) -> Iterator[Check]:
    differing = [finding.message for finding in findings if finding.code == "admin-zone-differs"]
    yield from (Check("lists", UNSURE, finding.message) for finding in findings if finding.code == "list-incomplete")
    same = f"the business unit's is that of admin.timezone, {timezone}"
    yield Check("zone", UNSURE, differing[0]) if differing else Check("zone", OK, same)


def _writing(
    settings: TenantSettings, base_uri: str, scopes: tuple[str, ...], options: Options, stop: threading.Event
) -> Check:
    """Whether an apply would get a token that may write; nothing is written."""
    if settings.admin is not None:
        return Check("write", UNSURE, "the Admin API has no scopes: only an apply shows what the user may write")
    try:
        with open_target(settings, base_uri, scopes, options, stop) as dialect:
            dialect.authorize()
    except ReconcilerError as error:
        return _wrong("write", error)
    return Check("write", OK, f"a token with {_needed(scopes)}; nothing was written")


def _journal(place: Path) -> Check:
    """Whether an apply could write its journal there: what exists must be writable and whole, what does not must be possible."""
    advice = "make it writable, or name another place with --audit-log"
    above = next((path for path in (place, *place.absolute().parents) if os.path.lexists(path)), place)
    is_folder = above.is_dir()
    if above != place and not is_folder:
        return Check("journal", WRONG, f"{place} cannot be made, because {above} is a file", advice)
    if not os.access(above, os.W_OK | (os.X_OK if is_folder else 0)):
        return Check("journal", WRONG, f"{place} cannot be written", advice)
    if above == place:
        try:
            lines = sum(1 for journal in find_journals([place]) for _ in journal.entries())
        except ReconcilerError as error:
            return _wrong("journal", error)
        return Check("journal", OK, f"{place} is whole, with {counted(lines, 'line')}, and can be written")
    return Check("journal", OK, f"{place} can be made")


def _wrong(name: str, error: ReconcilerError) -> Check:
    return Check(name, WRONG, error.message, error.hint)


def _skipped(*names: str, reason: str) -> Iterator[Check]:
    for name in names:
        yield Check(name, SKIPPED, f"not looked at, because {reason}")
