"""What a PUT would send where that is not what the files say: `ignoreFields` leaves fields to another system, so their live
values are sent, which no check of the files has seen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from .. import canonical
from ..findings import Finding, Severity, in_order
from ..model import Blackout, CampaignDiff, DesiredSchedule, JsonObject, Path, Window
from ..put_body import Patterns, kept
from ..settings import TenantSettings
from .checks import Checks
from .reporting import with_severities


class Sent(NamedTuple):
    """A schedule of the files, and the canonical content that a PUT of it would have. One that is not `changed` is live like
    that already."""

    schedule: DesiredSchedule
    content: JsonObject
    changed: bool = True


def sent_of(diffs: Iterable[CampaignDiff], ignored: Patterns) -> tuple[Sent, ...]:
    """What would be sent, or is live already, where ignored fields keep values that no file says."""
    return tuple(
        Sent(entry.schedule, kept(entry.schedule.content, entry.live.content, ignored), changed)
        for part in diffs
        for entries, changed in ((part.changed, True), (part.unchanged, False))
        for entry in entries
        if entry.live is not None and entry.schedule.content != entry.live.content
    )


def check_sent(
    settings: TenantSettings, sent: Iterable[Sent], as_of: date, today: date | None = None
) -> tuple[Finding, ...]:
    """What the checks of the files find in contents that would be sent and differ from the files, beyond what they find in
    the files."""
    differing = [one for one in sent if one.content != one.schedule.content]
    if not differing:
        return ()
    checks = Checks(settings, as_of, today)
    findings = in_order(finding for one in differing for finding in _beyond_the_file(checks, one))
    return with_severities(findings, settings)


def objection(
    settings: TenantSettings,
    schedule: DesiredSchedule | None,
    body: JsonObject,
    as_of: date,
    today: date | None = None,
) -> str | None:
    """Why a body with the live values of ignored fields must not be sent; None where it may. `schedule` is its entry in
    the files, None where they have none."""
    if schedule is None or not settings.ignored:
        return None
    sent = Sent(schedule, {field: body[field] for field in schedule.content})
    findings = check_sent(settings, [sent], as_of, today)
    return next((finding.message for finding in findings if finding.severity is Severity.ERROR), None)


def _beyond_the_file(checks: Checks, sent: Sent) -> Iterator[Finding]:
    """What is wrong with the content that would be sent, and not with the file. For a schedule that the plan does not
    change an error is a warning, because refusing the plan would not end it."""
    findings = tuple(checks.schedule(as_sent(sent.schedule, sent.content)))
    of_file = {(fault.code, fault.location) for fault in checks.schedule(sent.schedule)} if findings else ()
    for finding in findings:
        if (finding.code, finding.location) not in of_file:
            mild = finding.severity is Severity.ERROR and not sent.changed
            yield finding._replace(
                severity=Severity.WARNING if mild else finding.severity,
                message=f"{finding.message} The values are those in CXone, which ignoreFields keeps.",
            )


def as_sent(schedule: DesiredSchedule, content: JsonObject) -> DesiredSchedule:
    """The schedule with another content. Windows and blackouts that the file does not have stand at the whole list."""
    windows = {window.key: window.path for window in schedule.windows}
    blackouts = {blackout.key: blackout.path for blackout in schedule.blackouts}
    return schedule._replace(
        content=content,
        windows=tuple(Window(*part) for part in _parts("scheduleDetails", content, windows)),
        blackouts=tuple(Blackout(*part) for part in _parts("blackoutPeriods", content, blackouts)),
    )


def _parts(
    field: str, content: JsonObject, paths: Mapping[str, Path]
) -> Iterator[tuple[str, int, int, Path, JsonObject]]:
    items = content.get(field, [])
    for key, item in zip(canonical.item_keys(field, items), items, strict=True):
        yield (
            key,
            canonical.seconds(item["startTime"]),
            canonical.seconds(item["endTime"]),
            paths.get(key, (field,)),
            item,
        )
