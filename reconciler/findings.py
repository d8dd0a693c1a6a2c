"""Findings: what is wrong with the files or the plan, as values, and the table of all their codes.

A finding never stops a stage; errors among the findings stop a plan from being applied. `CODES` is the one place that
says what a code means: `reconciler explain`, the table in the project's README and the codes that
`compliance.severities` of `tenant.yaml` accepts are all made from it. A code that is not in it may not be used.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Severity(StrEnum):
    """How grave a finding is. Only errors stop a plan from being applied."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A place in a file: the file relative to the current directory with forward slashes, line and column from 1."""

    file: str
    line: int
    column: int = 1


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong with the files or the plan; `location` is None when it is about the tenant."""

    severity: Severity
    code: str
    message: str
    location: Location | None = None


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings by file, line, column and code, each once; those without a location come first."""
    return tuple(sorted(set(findings), key=_order))


def _order(finding: Finding) -> tuple[str, int, int, str, str, str]:
    place = finding.location
    where = (place.file, place.line, place.column) if place is not None else ("", 0, 0)
    return (*where, finding.code, finding.message, finding.severity)


class FindingCode(NamedTuple):
    """What one code stands for: the severity unless something else is said, the folder or module that raises it, and
    three texts for people. A tenant may set the severity of an `adjustable` code under `compliance.severities`."""

    severity: Severity
    room: str
    meaning: str
    why: str
    resolve: str
    adjustable: bool = False


RENAMED = {
    "holiday-not-excluded": "holiday-not-closed",
    "needs-a-hand": "edit-by-hand",
    "state-rules-not-checked": "state-rules-not-listed",
}
"""Codes of earlier versions and what they are called now. Tenant files and `reconciler explain` may use the old ones."""


def current_code(code: str) -> str:
    """The code by its name of today."""
    return RENAMED.get(code, code)


_ERROR, _WARNING, _NOTICE = Severity.ERROR, Severity.WARNING, Severity.NOTICE

CODES = {
    # Files
    "yaml-syntax": FindingCode(
        _ERROR,
        "yaml",
        "The file is not valid YAML.",
        "Nothing in the file can be read, so its schedules are not checked and not planned.",
        "Correct the file at the line and column shown. Common causes are a tab, a missing space after a colon, and a text with a colon or a hash that is not quoted.",
    ),
    "duplicate-key": FindingCode(
        _ERROR,
        "yaml",
        "A mapping has the same key twice.",
        "Programs disagree about which of the two values counts, so what you read in the file may not be what is applied.",
        "Remove one of the two entries.",
    ),
    "file-unreadable": FindingCode(
        _ERROR,
        "sources",
        "A file or folder cannot be read, or is not UTF-8 text.",
        "A schedule in it would look as if it were not in git.",
        "Give the user who runs the command the right to read it, save it as UTF-8, or move it out of the schedules folder.",
    ),
    "file-unsafe": FindingCode(
        _ERROR,
        "sources",
        "The file is built in a way that could harm the program that reads it: too large, too deeply nested, aliases that multiply or form a circle, foreign tags, or a link that leads outside.",
        "Reading it could exhaust the memory of the machine that holds the credentials, or read files that are not part of the repository.",
        "Write the content out plainly. Split a very large file, and replace links by the files themselves.",
    ),
    "schema": FindingCode(
        _ERROR,
        "desired",
        "A field is missing, unknown, of the wrong type or out of range.",
        "A misspelled field would be ignored by CXone without a word, and a missing one would be refused in the middle of an apply.",
        "Correct the field that the message names. The JSON Schemas in `schemas/` complete and explain all fields in an editor.",
    ),
    "no-schedules": FindingCode(
        _ERROR,
        "desired",
        "The path holds no campaign file.",
        "An empty set of schedules is almost always a wrong path, and checking nothing must not look like a success.",
        "Give the path of the folder that holds tenant.yaml, or run the command in the repository's root.",
    ),
    "file-outside-tenant": FindingCode(
        _ERROR,
        "desired",
        "A campaign file lies below no tenant.yaml.",
        "It is not known which CXone account its schedules belong to, so they would never be applied.",
        "Move the file below the folder of its tenant, or add a tenant.yaml to its folder.",
    ),
    "duplicate-tenant": FindingCode(
        _ERROR,
        "desired",
        "Two tenant files have the same name, or the same base URI and credentials.",
        "Two folders would manage one CXone account and overwrite each other.",
        "Rename one of the tenants, or merge the two folders.",
    ),
    "tenant-name": FindingCode(
        _ERROR,
        "desired",
        "The name of a tenant cannot be used as the name of a file, an environment or an artifact.",
        "Pipelines make environments and saved plans by the name of the tenant, and would fail or mix up two tenants.",
        "Use letters, digits, blanks, hyphens, underscores and dots only.",
    ),
    "duplicate-schedule": FindingCode(
        _ERROR,
        "identity",
        "Two entries come to one schedule id.",
        "Each of them would overwrite the other in CXone.",
        "Keep one of the entries, rename one, or pin another id with `id:`.",
    ),
    "ambiguous-name": FindingCode(
        _ERROR,
        "identity",
        "CXone holds several schedules of this name in the campaign, and the entry has no id.",
        "A guess could overwrite the wrong schedule.",
        "Write the id of the right one into the entry as `id:`. The message lists the ids.",
    ),
    # Calendar
    "unknown-timezone": FindingCode(
        _ERROR,
        "rules",
        "The time zone is not in the IANA database.",
        "Without a known zone the hour at which people are called is not known.",
        "Use a name such as America/New_York. The message suggests the nearest names.",
        True,
    ),
    "window-order": FindingCode(
        _ERROR,
        "rules",
        "A window or a blackout does not end after it starts.",
        "It holds no time, or is meant to go past midnight, which CXone does not support.",
        "Correct the times. Split a window that goes past midnight: one part to 23:59:59, one from 00:00 on the next day.",
        True,
    ),
    "window-overlap": FindingCode(
        _ERROR,
        "rules",
        "Two windows of one weekday overlap.",
        "It is not defined which of the two call caps holds in the time that they share.",
        "Move one of the windows, or join them. Windows that only touch are fine.",
        True,
    ),
    "blackout-covers-window": FindingCode(
        _ERROR,
        "rules",
        "Blackouts leave nothing of a window.",
        "The schedule looks as if it dialed at that time, and it never does.",
        "Shorten the blackout, or remove the window.",
        True,
    ),
    "blackout-outside-windows": FindingCode(
        _WARNING,
        "rules",
        "A blackout touches no window.",
        "It stops no call, so its times are probably wrong.",
        "Correct the times of the blackout, or remove it.",
        True,
    ),
    "blackout-days-unknown": FindingCode(
        _WARNING,
        "rules",
        "A blackout has `appliesToAllDays: false`, and the API has no field for its days.",
        "It is not known on which days it stops calls, so no check counts on it.",
        "Set `appliesToAllDays: true`, or shorten the windows of the days that are meant.",
        True,
    ),
    "calls-never-reached": FindingCode(
        _WARNING,
        "rules",
        "A call cap can never be reached: the hourly cap times the open hours is below the daily cap, or the hourly cap is above the daily one.",
        "One of the two caps has no effect, so the schedule may dial more or less than intended.",
        "Correct the cap that is not meant.",
        True,
    ),
    # Calling hours
    "outside-calling-hours": FindingCode(
        _ERROR,
        "rules",
        "A window, less its blackouts, calls people at an hour that a rule does not allow, on some day of the next twelve months.",
        "Calls outside the legal hours are fined for each call, and they reach people at home at night.",
        "Use the hours that the message names as allowed by all rules. If these calls are exempt by law, say so with `exemption`; if your counsel reads the law otherwise, set the hours under `compliance.jurisdictions` in tenant.yaml.",
        True,
    ),
    "outside-calling-hours-from": FindingCode(
        _WARNING,
        "rules",
        "The schedule will break a rule that begins within the next twelve months.",
        "On the date in the message the schedule becomes illegal without anybody changing it.",
        "Change the windows before that date. From that date on the finding is an error.",
        True,
    ),
    "pause-not-listed": FindingCode(
        _WARNING,
        "rules",
        "A schedule for people in the United States lists neither TCPA nor FCC among its regulatory pauses.",
        "The hours are checked here all the same, but CXone itself will not pause the calls when a window is edited in the console.",
        "Add TCPA to `complianceRules.regulatoryPauses`.",
        True,
    ),
    "hours-not-checked": FindingCode(
        _NOTICE,
        "rules",
        "No calling hours are known for the place of the called people, so none were checked.",
        "No finding does not mean that the hours are legal.",
        "List where the called people are under `jurisdictions`. Where no rule is known, ask your counsel and set the hours under `compliance.jurisdictions` in tenant.yaml.",
        True,
    ),
    "exempt": FindingCode(
        _NOTICE,
        "rules",
        "The schedule breaks calling hours that its `exemption` says do not bind these calls.",
        "Reviewers must see that a rule is not applied, and why.",
        "Nothing, if the reason is right. Else remove the exemption.",
        True,
    ),
    "missing-jurisdictions": FindingCode(
        _ERROR,
        "rules",
        "The schedule lists STATE_SPECIFIC, but no jurisdictions.",
        "It is not known which states' hours hold, so none can be checked.",
        "List where the called people are, such as `jurisdictions: [US-NC, US-FL]`.",
        True,
    ),
    "unknown-jurisdiction": FindingCode(
        _ERROR,
        "rules",
        "No calling hours are known for a jurisdiction.",
        "What cannot be checked must not pass as checked.",
        "Correct the ISO 3166-2 code, or set the hours of the jurisdiction under `compliance.jurisdictions` in tenant.yaml.",
        True,
    ),
    "called-zone-unknown": FindingCode(
        _ERROR,
        "rules",
        "TCPA or FCC is listed without jurisdictions, in a time zone that is no US state's.",
        "The federal hours hold at the called people's place, and that place is not known.",
        "List where the called people are, such as `jurisdictions: [US-NC, US-FL]`.",
        True,
    ),
    "called-zone-assumed": FindingCode(
        _NOTICE,
        "rules",
        "The schedule lists no jurisdictions, so the called people are taken to live in the schedule's own time zone.",
        "People in other zones may be called at an illegal hour without a finding.",
        "List where the called people are under `jurisdictions`.",
        True,
    ),
    "state-rules-not-listed": FindingCode(
        _WARNING,
        "rules",
        "The schedule has jurisdictions, but does not list STATE_SPECIFIC among its regulatory pauses.",
        "The states' hours are checked here, but CXone is not asked to keep them.",
        "Add STATE_SPECIFIC to `complianceRules.regulatoryPauses`.",
        True,
    ),
    "holiday-not-closed": FindingCode(
        _WARNING,
        "rules",
        "The law of a jurisdiction forbids sales calls on its holidays, and the schedule would call on them.",
        "A weekly schedule does not know holidays: it dials on them as on any other day.",
        "Stop the schedule in the console on those days.",
        True,
    ),
    # Capacity and policy
    "licensed-capacity-exceeded": FindingCode(
        _ERROR,
        "rules",
        "A call cap is above the licensed throughput of the tenant or the campaign.",
        "CXone stops at the license, so the plan promises calls that are never made.",
        "Lower the cap, or correct `capacity` in tenant.yaml when the license has changed.",
        True,
    ),
    "capacity-exceeded": FindingCode(
        _ERROR,
        "rules",
        "A schedule plans more calls than the projected agents can carry, by more than the buffer. For a schedule that the plan does not change it is a warning.",
        "Calls that no agent can take are abandoned, and the law limits abandoned calls.",
        "Lower `maxCallsPerDay`, schedule more agents, or raise `capacity.buffer` in tenant.yaml.",
        True,
    ),
    "fleet-capacity-exceeded": FindingCode(
        _WARNING,
        "rules",
        "All schedules of a weekday together need more agents than there are, by more than the buffer.",
        "Each schedule fits by itself, but not all at the same time, so calls may be abandoned.",
        "Spread the schedules over the week, lower their caps, or schedule more agents.",
        True,
    ),
    "policy": FindingCode(
        _ERROR,
        "rules",
        "A schedule breaks one of the tenant's own policy schemas, or such a schema cannot be used.",
        "Your company asked for this rule in `policySchemas` of tenant.yaml.",
        "Change the value that the message names, or the policy schema.",
        True,
    ),
    # The tenant
    "campaign-not-found": FindingCode(
        _ERROR,
        "observe",
        "The tenant has no campaign of this id. For `import --update` it is a warning.",
        "Its schedules can be neither compared nor written.",
        "Correct `campaignId`, or create the campaign in the CXone console.",
    ),
    "campaign-unreadable": FindingCode(
        _ERROR,
        "observe",
        "The schedules of a campaign could not be read completely.",
        "Half a list would make schedules look deleted, so nothing of the campaign is planned.",
        "Run the command again. If it lasts, look at the reason in the message. `apply --keep-going` leaves such campaigns out.",
    ),
    "agents-unreadable": FindingCode(
        _ERROR,
        "observe",
        "The agents could not be read, and a schedule asks for the agent projection.",
        "Without the number of agents the capacity cannot be checked.",
        "Give the API client the scope `wfm:schedules:read`, or set `capacity.agents` in tenant.yaml.",
    ),
    "webhooks-unreadable": FindingCode(
        _WARNING,
        "observe",
        "The list of webhooks could not be read.",
        "It is not known which webhooks exist; apply registers them only for the schedules that it creates.",
        "Give the API client the scope `webhooks:read`.",
    ),
    "webhook-differs": FindingCode(
        _WARNING,
        "webhooks",
        "A webhook of the right name exists, but with another URL, other events or another status.",
        "Workforce management may not learn of changes to its schedule, and the API cannot change a webhook.",
        "Correct it in the CXone console, or delete it there and apply again.",
    ),
    "webhook-duplicate": FindingCode(
        _WARNING,
        "webhooks",
        "More than one webhook has the name of a managed schedule.",
        "Workforce management learns of each change more than once, and the API cannot delete a webhook. An apply never "
        "calls such a tenant converged.",
        "Delete all but one of them in the console.",
    ),
    "not-active": FindingCode(
        _WARNING,
        "plan",
        "A managed schedule has a status other than ACTIVE in CXone.",
        "It may not be dialing: a registration can fail without an error.",
        "Look at the schedule in the CXone console.",
    ),
    "released": FindingCode(
        _WARNING,
        "plan",
        "This revision takes a schedule out of git.",
        "Nothing is deleted in CXone, so the schedule goes on dialing.",
        "Stop the schedule in the CXone console if it shall not dial any more.",
    ),
    "recreated": FindingCode(
        _WARNING,
        "plan",
        "A schedule that existed before is missing in CXone and would be created again.",
        "Somebody deleted it in the console, perhaps to stop it from dialing.",
        "Ask who deleted it. Take it out of git if it shall not come back.",
    ),
    "unmanaged-field": FindingCode(
        _NOTICE,
        "plan",
        "Live schedules hold a field that git does not know.",
        "A write replaces the whole schedule, so the field would be lost.",
        "Name the field in `preserveFields` of tenant.yaml to keep it.",
    ),
    "adopted": FindingCode(
        _NOTICE,
        "identity",
        "An entry without an id is matched with a live schedule by its name alone.",
        "The link breaks when either of them is renamed.",
        "Write the id that the message names into the entry as `id:`.",
    ),
    "possible-rename": FindingCode(
        _NOTICE,
        "plan",
        "A schedule that would be created looks like one that is live and not in git.",
        "If it is the same schedule under a new name, both would dial.",
        "Write the id of the live schedule into the entry as `id:`, or stop the old one in the console.",
    ),
    # The base
    "git-failed": FindingCode(
        _WARNING,
        "pipeline",
        "The files lie in a git repository, and git could not say which revision they are.",
        "The plan, the result and the journal then have no revision, so it cannot be looked up later what was applied.",
        "Install git, or do what git's own words say. For a repository of another owner that is `git config --global --add safe.directory FOLDER`.",
    ),
    "base-invalid": FindingCode(
        _WARNING,
        "pipeline",
        "The files at the base revision are not valid.",
        "For what they do not say, changes and drift cannot be distinguished, and schedules that were taken out of git go unnoticed.",
        "Choose a base whose files are valid, or read the plan with that in mind.",
    ),
    "base-without-tenant": FindingCode(
        _NOTICE,
        "pipeline",
        "The base revision has no such tenant.",
        "Everything counts as new in this revision, and what is live already and differs counts as a conflict.",
        "Nothing, for a tenant that is new in git. Else choose a base that has the tenant.",
    ),
    # Import
    "left-alone": FindingCode(
        _NOTICE,
        "importing",
        "Files name the campaign already, so import did not touch it.",
        "Import writes only new files unless it is asked to change those that exist.",
        "Use `import --update` to write what differs into the files, or a PATH that covers them.",
    ),
    "not-live": FindingCode(
        _WARNING,
        "importing",
        "A schedule of the files is not live.",
        "Import keeps its entry, and apply would create the schedule.",
        "Remove the entry if the schedule is not wanted any more.",
    ),
    "not-importable": FindingCode(
        _ERROR,
        "importing",
        "A live campaign or schedule cannot be written into a file.",
        "Part of what dials is not in git.",
        "Correct the schedule in the CXone console where the message says what is wrong, and import again.",
    ),
    "edit-by-hand": FindingCode(
        _ERROR,
        "importing",
        "A schedule could not be changed in its file without changing something else of the file.",
        "The file was left as it is, so it still differs from CXone.",
        "Edit the entry by hand. `reconciler plan` shows what differs.",
    ),
    "rules-broken": FindingCode(
        _WARNING,
        "importing",
        "The imported schedules, as the tenant holds them, break rules.",
        "This is how the tenant dials now, and `validate` will refuse the files.",
        "Run `reconciler validate` for the places. Often only `jurisdictions` is missing, which CXone does not know.",
    ),
}
"""Every code of a finding, in the order in which a run meets them."""

ADJUSTABLE = frozenset(code for code, entry in CODES.items() if entry.adjustable)
"""The codes whose severity a tenant may set under `compliance.severities`: the checks on meaning. A file that cannot
be read, or a tenant, stays what it is."""
