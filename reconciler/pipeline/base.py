"""The desired state at other revisions, `--base` and `--applied`, by which a plan says who asked for a change."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from .. import desired, hosts, rules, sources
from ..desired.scope import Scope
from ..errors import RefusedError, UsageError
from ..findings import Finding, Severity, in_order, real_errors
from ..model import Action, Change, DesiredSchedule, FieldChange, Origin, Plan
from ..rules.closing import closings_of
from ..rules.reporting import label
from ..sources.ancestry import commits_that_asked, follows
from ..sources.git import GitFailedError
from ..sources.revision import Revision
from .tenants import Options

_LINES = re.compile(r":[0-9]+(?::[0-9]+)?(?= |\.|$)")
_SHA = re.compile(r"[0-9a-f]{40,64}", re.ASCII)
_NOTHING = "none"
"""What `--applied` says where nothing was applied yet."""


@dataclass(frozen=True, slots=True)
class AtRevision:
    """What git held at the revision with this sha: the tenants of PATH, by name and by where they are, and those that PATH
    did not hold then because their folder was moved since. `what` is how people call the revision."""

    what: str
    sha: str
    by_name: Mapping[str, desired.DesiredTenant]
    by_account: Mapping[tuple[str, str], desired.DesiredTenant]
    findings: tuple[Finding, ...]
    campaign_names: frozenset[str]

    def of(self, tenant: desired.DesiredTenant) -> desired.DesiredTenant | None:
        """A tenant as it was then, by its name or where it is; None where there was none."""
        return self.by_name.get(tenant.settings.name) or self.by_account.get(tenant.settings.account)


@dataclass(frozen=True, slots=True)
class EarlierRevisions:
    """What git held at the base and at the applied revision, None without such a revision. `nothing` says that nothing was
    applied yet; `findings` what stands between these revisions and the one that is checked out."""

    base: AtRevision | None
    applied: AtRevision | None
    nothing: bool
    findings: tuple[Finding, ...]

    @property
    def campaign_names(self) -> frozenset[str]:
        """The campaigns that they name."""
        return frozenset(name for side in (self.base, self.applied) if side is not None for name in side.campaign_names)

    @property
    def names(self) -> tuple[str | None, str | None]:
        """The shas of the base and of the applied revision, or that nothing was applied."""
        applied = _NOTHING if self.nothing else self.applied.sha if self.applied else None
        return self.base.sha if self.base else None, applied

    def known_to(self, tenant: desired.DesiredTenant, options: Options) -> desired.DesiredTenant:
        """The tenant with its schedules at these revisions, as they are on the same day, and with what stands in the way of
        knowing them."""
        findings = [*tenant.findings]
        schedules: list[tuple[DesiredSchedule, ...] | None] = []
        for side in (self.base, self.applied):
            then = None if side is None else side.of(tenant)
            if side is not None:
                if side is self.base:
                    findings = _marked(findings, then, options)
                findings += _in_the_way(tenant, then, side)
            schedules.append(None if side is None else _effective(then, tenant, options))
        base, applied = schedules
        return tenant._replace(findings=tuple(findings), base=base, applied=() if self.nothing else applied)


def revisions_of(state: sources.RepoState, options: Options) -> dict[str, Revision]:
    """`options.base` and `options.applied` by what people call them, those that are given. UsageError for a revision that
    git does not know, or where git cannot be asked."""
    revisions: dict[str, Revision] = {}
    applied = None if options.applied == _NOTHING else options.applied
    for what, ref in {"base": options.base, "applied revision": applied}.items():
        if ref is None:
            continue
        if state.fault:
            raise UsageError(
                f"--{what.split()[0]} needs git, which failed in {state.root} ({state.fault})",
                hint="make git work there, or leave it out",
            )
        revisions[what] = Revision(state.root, ref)
    return revisions


def read_earlier(
    state: sources.RepoState,
    options: Options,
    now: desired.Desired,
    revisions: Mapping[str, Revision],
    scopes: Mapping[str | None, Scope],
    reader: desired.Reader | None,
) -> EarlierRevisions:
    """The states at these `revisions`, from git objects; `now` is that of the work tree, which `reader` has read,
    `scopes` what PATH stands for at each sha, where that is known."""
    sides: dict[str, AtRevision] = {}
    for what, revision in revisions.items():
        same = next((side for side in sides.values() if side.sha == revision.sha), None)
        if same is None:
            sides[what] = _read(revision, what, options, now, scopes.get(revision.sha), reader)
        else:
            sides[what] = replace(same, what=what)
    findings: list[Finding] = []
    sha = state.sha or ""
    for side in sides.values() if sha else ():
        try:
            findings += _behind(state.root, sha, side.what, side.sha)
        except GitFailedError as error:
            raise UsageError(f"git cannot compare {sha[:12]} with the {side.what} ({error})") from error
    nothing = options.applied == _NOTHING
    return EarlierRevisions(sides.get("base"), sides.get("applied revision"), nothing, tuple(findings))


def _read(
    revision: Revision,
    what: str,
    options: Options,
    now: desired.Desired,
    scope: Scope | None,
    reader: desired.Reader | None,
) -> AtRevision:
    allowed = hosts.allowed_hosts(options.environ)
    at_path = desired.load(
        revision, options.path, options.tenants, options.campaigns, allowed=allowed, scope=scope, reader=reader
    )
    moved = {tenant.settings.name for tenant in now.tenants} - set(at_path.tenant_names)
    elsewhere = desired.Desired()
    if moved:
        elsewhere = desired.load(
            revision, revision.root, frozenset(moved), options.campaigns, allowed=allowed, reader=reader
        )
    tenants = [*(_narrowed(tenant, now) for tenant in elsewhere.tenants), *at_path.tenants]
    return AtRevision(
        what,
        revision.sha,
        {tenant.settings.name: tenant for tenant in tenants},
        {tenant.settings.account: tenant for tenant in at_path.tenants},
        at_path.findings,
        frozenset((*at_path.campaign_names, *elsewhere.campaign_names)),
    )


def _narrowed(tenant: desired.DesiredTenant, now: desired.Desired) -> desired.DesiredTenant:
    """Of a tenant that lay elsewhere, where PATH leaves some of its files out, only the campaigns of now count."""
    names = {name for tenant in now.tenants for name in tenant.campaigns}
    kept = tuple(entry for entry in tenant.schedules if entry.campaign_id in names or not now.narrowed)
    return tenant._replace(schedules=kept)


def _effective(
    then: desired.DesiredTenant | None, now: desired.DesiredTenant, options: Options
) -> tuple[DesiredSchedule, ...]:
    """The schedules of then with the week of the day; those that are now's too, are already known with it."""
    if then is None:
        return ()
    closings = closings_of(then.settings, options.as_of, options.at)
    alike = now.schedules if then.settings == now.settings else ()
    known = {id(schedule.as_written or schedule): schedule for schedule in alike}
    return tuple(known.get(id(schedule)) or closings.week(schedule) for schedule in then.schedules)


def _marked(findings: Sequence[Finding], then: desired.DesiredTenant | None, options: Options) -> list[Finding]:
    """The findings with whether the base had them too, in the same words wherever they stood. Of the base only the
    schedules that have findings now are checked, so that knowing it costs next to nothing."""
    known = {_said(finding) for finding in then.findings} if then is not None else set()
    if then is not None and findings:
        begins = {part for finding in findings for part in accumulate(finding.message.split(": "), "{}: {}".format)}
        schedules = [schedule for schedule in then.schedules if label(schedule) in begins]
        closings = closings_of(then.settings, options.as_of, options.at)
        checked = rules.check(then.settings, schedules, options.as_of, None, (), options.today, closings)
        known.update(map(_said, checked))
    return [
        finding._replace(new=_said(finding) not in known) if finding.location is not None else finding
        for finding in findings
    ]


def _said(finding: Finding) -> tuple[str, str]:
    """What a finding says, without the lines that it names."""
    return finding.code, _LINES.sub("", finding.message)


def held_against_git(plan: Plan, root: str, newest: str | None) -> Plan:
    """A saved plan with what git says now of the revisions that it was compared with, whatever the file says of that, and of
    the `newest` revision that the journal says was applied, None where it knows none. RefusedError where the file names none,
    or git does not know them here; a newest one that git cannot place is one that the plan does not follow.
    """
    findings = [finding for finding in plan.findings if finding.code != "behind-base"]
    earlier = {"base": plan.base, "applied revision": None if plan.applied == _NOTHING else plan.applied}
    for what, sha in earlier.items():
        if sha is None:
            continue
        if not (plan.revision and _SHA.fullmatch(plan.revision) and _SHA.fullmatch(sha)):
            raise RefusedError(
                f"nothing was written: the plan of tenant {plan.tenant} names no revision that follows its {what}",
                hint="the file was edited; plan again",
            )
        try:
            findings += _behind(root, plan.revision, what, sha)
        except GitFailedError as error:
            raise RefusedError(
                f"nothing was written: git cannot say whether revision {plan.revision[:12]}, of which the plan of tenant "
                f"{plan.tenant} is, follows the {what} {sha[:12]} ({error})",
                hint="apply where the whole history is (in a CI checkout: fetch-depth 0), or plan again",
            ) from error
    if newest and newest not in earlier.values():
        findings += _behind_newest(root, plan.revision, newest)
    return plan._replace(findings=in_order(findings))


def _behind_newest(root: str, sha: str | None, newest: str) -> tuple[Finding, ...]:
    """That a saved plan's revision, None without one, does not follow the newest that was applied, or that nobody can say."""
    fault: object = "the plan names no commit"
    if sha and _SHA.fullmatch(sha) and _SHA.fullmatch(newest):
        try:
            return tuple(_behind(root, sha, "revision that was applied since,", newest))
        except GitFailedError as error:
            fault = error
    message = (
        f"git cannot say whether the plan follows the revision that was applied since, {newest[:12]} ({fault}); apply where the "
        "whole history is (in a CI checkout: fetch-depth 0), or plan again"
    )
    return (Finding(Severity.WARNING, "behind-base", message),)


def _behind(root: str, sha: str, what: str, earlier: str) -> Iterator[Finding]:
    """That a revision does not follow an earlier one: it would take back what came since. GitFailedError where git fails."""
    follows_it = follows(root, sha, earlier)
    mine, other = f"revision {sha[:12]}", f"the {what} {earlier[:12]}"
    message = f"{mine} does not follow {other}: it is older, or on another line of history, so it would take back what was asked for since"
    if follows_it is None:
        message = f"git cannot say whether {mine} follows {other}, because this clone is shallow; fetch the whole history (in a CI checkout: fetch-depth 0)"
    if not follows_it:
        yield Finding(Severity.WARNING, "behind-base", message)


def _in_the_way(
    tenant: desired.DesiredTenant, then: desired.DesiredTenant | None, side: AtRevision
) -> Iterator[Finding]:
    """What stands in the way of knowing who asked for a change."""
    errors = real_errors((*side.findings, *(then.findings if then is not None else ())))
    if errors:
        first, place = errors[0], errors[0].location
        where = f"{place.file}:{place.line}: " if place is not None else ""
        more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        message = (
            f"the files at the {side.what} {side.sha[:12]} are not valid: {where}{first.message}{more}; for what they do not "
            "say, drift and changes cannot be distinguished, and schedules taken out of git or deleted in the console go "
            "unnoticed"
        )
        yield Finding(Severity.WARNING, "base-invalid", message)
    elif then is None and side.what == "base":
        message = (
            f"the base {side.sha[:12]} has no tenant {tenant.settings.name} yet, so everything counts as new in this "
            "revision, and what is live already as a conflict where it differs"
        )
        yield Finding(Severity.NOTICE, "base-without-tenant", message)


def with_askers(plan: Plan, root: str) -> Plan:
    """The plan whose pending differences name the commit that asked for them, where git can say: the one that wrote the
    line after what was applied."""
    if plan.base is None:
        return plan
    places = [change.source for change in plan.changes]
    places += [field.source for change in plan.changes for field in change.fields]
    names = {place: os.path.relpath(place.file, root).replace(os.sep, "/") for place in places if place is not None}
    lines: dict[str, set[int]] = {}
    for place, name in names.items():
        lines.setdefault(name, set()).add(place.line)
    asked = commits_that_asked(root, None if plan.applied == _NOTHING else plan.applied, plan.base, lines)

    def asker(part: Change | FieldChange) -> str | None:
        if part.origin is not Origin.PENDING or part.source is None:
            return None
        return asked.get((names[part.source], part.source.line))

    return plan._replace(
        changes=tuple(
            change._replace(
                fields=tuple(field._replace(asked_by=asker(field)) for field in change.fields),
                asked_by=asker(change) if change.action is Action.CREATE else None,
            )
            for change in plan.changes
        ),
    )
