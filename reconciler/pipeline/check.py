"""Files → checked desired state, and the same at `--base`: all that can be known without a network."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from .. import desired, hosts, rules, sources
from ..errors import DesiredStateError, UsageError
from ..findings import Finding, Severity, in_order, real_errors
from ..model import Plan
from .tenants import Options

if TYPE_CHECKING:
    from ..rules.closing import Closings
    from ..sources.revision import Revision
    from .changed import Unread


@dataclass(frozen=True, slots=True)
class Checked:
    """All selected tenants with a valid tenant.yaml, sorted by name. `blank` is the plan of no tenant, with which that of each
    begins: the revision, and the findings of none, which each tenant holds too: such an error stops them all. `schedules` is
    how many were checked, whole or in part; `narrowed` says that PATH leaves a part of a tenant out; `root` is the folder that
    names of files begin at."""

    tenants: tuple[desired.DesiredTenant, ...]
    blank: Plan
    files: int = 0
    schedules: int = 0
    narrowed: bool = False
    root: str = ""

    @property
    def all_findings(self) -> tuple[Finding, ...]:
        """The findings of all tenants and of none, sorted."""
        return in_order((*self.blank.findings, *(finding for tenant in self.tenants for finding in tenant.findings)))


Gathered: TypeAlias = "tuple[sources.RepoState, desired.Files | None, Unread | None, Mapping[str, Revision]] | Checked"
"""All files below PATH, where they come from, what `--changed` leaves out of them, and the revisions to compare with; where PATH cannot hold any, all that there is to say."""


def check_files(options: Options) -> Checked:
    """Load and check everything below PATH; UsageError for a tenant or campaign that no file names."""
    return check_gathered(gather_files(options), options)


def gather_files(options: Options) -> Gathered:
    """The first half of `check_files`, after which it is known what to read of the tenants."""
    allowed = hosts.allowed_hosts(options.environ)
    unread = None
    try:
        state = sources.state_of(options.path)
        tree = sources.WorkTree(state.root)
        if options.changed:
            from .changed import unread_files  # late: for pull requests only

            unread = unread_files(state, tree, options)
        scope = unread.scopes.get(None) if unread else None
        compared = state.sha if options.base or options.applied else None
        reader = desired.Reader(partial(sources.blob_id, like=compared) if compared else None)
        files = desired.read_files(
            tree, options.path, options.tenants, options.campaigns, allowed=allowed, scope=scope, reader=reader
        )
    except DesiredStateError as error:
        finding = Finding(Severity.ERROR, "no-schedules", error.advice)
        return Checked((), Plan(options.as_of.isoformat(), findings=(finding,)))
    revisions: Mapping[str, Revision] = unread.revisions if unread else {}
    if unread is None and (options.base is not None or options.applied is not None):
        from .base import revisions_of  # few runs compare with another revision

        revisions = revisions_of(state, options)  # before anything is sent: it may not be there
    return state, files, unread, revisions


def check_gathered(read: Gathered, options: Options) -> Checked:
    """The second half of `check_files`; it raises what that raises."""
    if isinstance(read, Checked):
        return read
    state, files, unread, revisions = read
    loaded = desired.Desired() if files is None else desired.build_desired(files)
    earlier = None
    if options.base is not None or options.applied is not None:
        from .base import read_earlier

        scopes = unread.scopes if unread else {}
        earlier = read_earlier(state, options, loaded, revisions, scopes, files and files.reader)
    if unknown := options.tenants.difference(loaded.tenant_names):
        raise _not_named(unknown, loaded.tenant_names, "tenant")
    unusable = (_by_rules(tenant, options) for tenant in loaded.unusable)
    of_none = (
        *((_git_failed(state),) if state.fault else ()),
        *loaded.findings,
        *(finding for findings in unusable for finding in findings),
        *(earlier.findings if earlier else ()),
    )
    tenants = tuple(_checked(tenant, of_none, options) for tenant in loaded.tenants)
    if earlier is not None:
        tenants = tuple(earlier.known_to(tenant, options) for tenant in tenants)
    names = {*loaded.campaign_names, *(earlier.campaign_names if earlier else ())}
    if unread is not None and earlier is not None:
        from .changed import only_changed

        names.update(*(unread.names.get(tenant.settings.folder, ()) for tenant in loaded.tenants))
        tenants = tuple(only_changed(tenant, earlier, unread, options) for tenant in tenants)
    if unknown := options.campaigns - names:
        raise _not_named(unknown, names, "campaign")
    base, applied = earlier.names if earlier else (None, None)
    blank = Plan(
        options.as_of.isoformat(),
        revision=state.sha,
        dirty=state.dirty,
        base=base,
        applied=applied,
        findings=in_order(of_none),
    )
    return Checked(
        tenants,
        blank,
        loaded.files,
        sum(len(tenant.schedules) + len(tenant.partial) for tenant in (*loaded.tenants, *loaded.unusable)),
        loaded.narrowed,
        state.root,
    )


def _git_failed(state: sources.RepoState) -> Finding:
    """That the files lie in a repository which git cannot read: their revision is not known then."""
    message = (
        f"git cannot say which revision the files below {state.root} are ({state.fault}), so the plan and the journal "
        "name none"
    )
    return Finding(Severity.WARNING, "git-failed", message)


def list_tenants(options: Options) -> tuple[tuple[str, ...], tuple[Finding, ...]]:
    """The names of the tenants below PATH, sorted, and what stands in the way of knowing them all."""
    allowed = hosts.allowed_hosts(options.environ)
    state = sources.state_of(options.path)
    loaded = desired.load(sources.WorkTree(state.root), options.path, options.tenants, allowed=allowed)
    if unknown := options.tenants.difference(loaded.tenant_names):
        raise _not_named(unknown, loaded.tenant_names, "tenant")
    return tuple(tenant.settings.name for tenant in loaded.tenants), real_errors(loaded.findings)


def _checked(tenant: desired.DesiredTenant, of_none: tuple[Finding, ...], options: Options) -> desired.DesiredTenant:
    closings, schedules = None, tenant.schedules
    if any(schedule.closures for schedule in schedules):
        from ..rules.closing import closings_of  # late: many tenants have no closures

        closings = closings_of(tenant.settings, options.as_of, options.at)
        schedules = tuple(map(closings.week, schedules))
    findings = (*of_none, *tenant.findings, *_by_rules(tenant, options, closings))
    return tenant._replace(schedules=schedules, findings=findings)


def _by_rules(tenant: desired.DesiredTenant, options: Options, closings: Closings | None = None) -> tuple[Finding, ...]:
    settings, places = tenant.settings, tenant.places.locate
    return rules.check(settings, tenant.schedules, options.as_of, places, tenant.partial, options.today, closings)


def _not_named(unknown: Iterable[str], names: Iterable[str], kind: str) -> UsageError:
    """The error for the first of the tenants or campaigns that were asked for and are not among the `names`."""
    from difflib import get_close_matches  # only for a name that is wrong

    name, known = min(unknown), sorted(names)
    near = get_close_matches(name, known, n=3)
    hint = f"did you mean {' or '.join(near)}?" if near else f"known: {', '.join(known[:20]) or 'none'}"
    return UsageError(f"no file below PATH names the {kind} {name!r}", hint=hint)
