"""What an import reports besides the files that it wrote, as findings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from .. import rules
from ..canonical import is_skill
from ..findings import Finding, Severity
from ..model import DesiredSchedule
from ..phrases import counted, first_of
from ..settings import TenantSettings
from ..skills import not_scheduled
from .choice import Choice, ScheduleKey
from .tenant import TenantImport

_NAMED = 10


def notes_on(part: TenantImport) -> Iterator[Finding]:
    """Everything about one tenant; what could not be brought into the files is an error."""
    yield from part.findings
    yield from _on_choice(part.choice)
    for entry in part.settled.after.entries.values():
        if entry.live is not None and is_skill(entry.live.content) and not entry.live.content["isScheduled"]:
            yield not_scheduled(entry, entry.live)
    for campaign_id, reason in part.refused.campaigns.items():
        yield Finding(Severity.ERROR, "not-importable", f"campaign {campaign_id!r} was left out: {reason}")
    for (campaign_id, schedule_id), entry in part.settled.before.entries.items():
        if entry.live is None:
            message = (
                f"schedule {entry.schedule.name!r} of {campaign_id} ({schedule_id}) is not live; its entry stays as it is, and "
                "apply would create it: remove the entry if it is not wanted any more"
            )
            yield Finding(Severity.WARNING, "not-live", message, entry.schedule.places.locate(()))
    for key, reason in part.refused.schedules.items():
        words = "cannot be written into a file, and was left out"
        yield _error("not-importable", part, key, f"{words}: {reason}")
    for key, reason in part.settled.failed.items():
        words = "could not be brought into its file without harm to the rest of it, and was left as it is"
        hint = "edit it by hand; plan shows what differs"
        yield _error("edit-by-hand", part, key, f"{words} ({reason}); {hint}")


def note_on_rules(settings: TenantSettings, schedules: Sequence[DesiredSchedule], as_of: date) -> Iterator[Finding]:
    """That the rules find errors in what was imported: that is how the tenant dials, and validate shows them."""
    errors = [item for item in rules.check(settings, schedules, as_of) if item.severity is Severity.ERROR]
    if errors:
        codes = ", ".join(sorted({error.code for error in errors}))
        message = (
            f"the rules find {counted(len(errors), 'error')} in the imported schedules as the tenant holds them ({codes}); `reconciler validate` "
            "shows where, and `jurisdictions`, which only git knows, may be all that is missing"
        )
        yield Finding(Severity.WARNING, "rules-broken", message)


def _on_choice(choice: Choice) -> Iterator[Finding]:
    if choice.alone:
        message = (
            f"{_campaigns(choice.alone)} named by files that are there, which were left alone; "
            "`import --update` writes into them what differs"
        )
        yield Finding(Severity.NOTICE, "left-alone", message)
    if choice.outside:
        message = f"{_campaigns(choice.outside)} named by files that PATH does not cover, and left alone"
        yield Finding(Severity.NOTICE, "left-alone", message)
    if choice.missing:
        message = f"{_campaigns(choice.missing)} named by files, and not among those of the tenant; nothing was changed"
        yield Finding(Severity.WARNING, "campaign-not-found", message)


def _campaigns(names: Sequence[str]) -> str:
    listed = first_of(names, _NAMED)
    return f"campaign {listed} is" if len(names) == 1 else f"{len(names)} campaigns ({listed}) are"


def _error(code: str, part: TenantImport, key: ScheduleKey, words: str) -> Finding:
    campaign_id, schedule_id = key
    names = {schedule.schedule_id: schedule.name for schedule in part.task.live[campaign_id].schedules}
    message = f"schedule {names.get(schedule_id, '')!r} of {campaign_id} ({schedule_id}) {words}"
    entry = part.settled.before.entries.get(key)
    return Finding(Severity.ERROR, code, message, entry.schedule.places.locate(()) if entry is not None else None)
