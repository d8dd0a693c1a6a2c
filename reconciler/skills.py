"""Skills: which of them an entry means where a tenant is managed through the Admin API, and what is to be said of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from .errors import TenantError
from .findings import Finding, Severity
from .identity import Resolution
from .model import CampaignDiff, DesiredSchedule, LiveSchedule, Resolved
from .phrases import counted
from .settings import AdminSettings

LATE = "a new skill may be missing from the lists for some seconds, and some may not be for this user to see"
"""Why a list may be shorter than it counts."""


@dataclass(frozen=True, slots=True)
class Skill:
    """A skill as the tenant's list says it is; `fault` is why it cannot be managed, empty where it can."""

    skill_id: str
    name: str
    campaign_id: str
    campaign_name: str | None
    is_running: bool
    fault: str = ""


def resolve_skills(
    entries: Sequence[DesiredSchedule], live: Iterable[LiveSchedule], why_not: Callable[[DesiredSchedule], str]
) -> Resolution:
    """Which skill each entry of one campaign means: that of its pinned number, else the only one of its exact name that no
    other entry pins. `why_not` says why there is none. Of several entries that mean one skill the first is kept."""
    by_id = {skill.schedule_id: skill for skill in live}
    pinned = {entry.pinned_id for entry in entries}
    by_name: dict[str, list[LiveSchedule]] = {}
    for skill in by_id.values():
        if skill.schedule_id not in pinned:
            by_name.setdefault(skill.name, []).append(skill)
    kept: dict[str, Resolved] = {}
    findings: list[Finding] = []
    contested: set[str] = set()
    for entry in sorted(entries, key=lambda entry: entry.places.locate(())):
        named = by_name.get(entry.name, []) if entry.pinned_id is None else []
        found = by_id.get(entry.pinned_id) if entry.pinned_id is not None else named[0] if len(named) == 1 else None
        if len(named) > 1:
            findings.append(_ambiguous(entry, named))
            contested.update(skill.schedule_id for skill in named)
        elif found is None:
            findings.append(_not_usable(entry, why_not(entry)))
        elif (first := kept.get(found.schedule_id)) is not None:
            place = first.schedule.places.locate(())
            findings.append(_not_usable(entry, f"skill {found.schedule_id} is meant at {place.file}:{place.line} too"))
        else:
            kept[found.schedule_id] = Resolved(entry, found.schedule_id, found, adopted=entry.pinned_id is None)
    findings += [_adopted(entry) for entry in kept.values() if entry.adopted]
    return Resolution(tuple(kept[skill_id] for skill_id in sorted(kept)), tuple(findings), frozenset(contested))


def why_not_usable(entry: DesiredSchedule, skills: Sequence[Skill]) -> str:
    """Why an entry means none of the skills that can be managed; `skills` are all of the tenant."""
    if entry.pinned_id is not None:
        own = next((skill for skill in skills if skill.skill_id == entry.pinned_id), None)
        if own is None:
            return f"the tenant has no such skill ({LATE})"
        if own.campaign_id and own.campaign_id != entry.campaign_id:
            return f"it is {own.name!r} of campaign {own.campaign_id}"
        return own.fault or "the list of the skills that dial lacks it"
    named = [skill for skill in skills if skill.name == entry.name]
    here = next((skill for skill in named if skill.campaign_id == entry.campaign_id), None)
    if here is not None:
        return here.fault or f"skill {here.skill_id} is pinned by another entry"
    elsewhere = sorted({skill.campaign_id for skill in named} - {""})
    where = f" (campaign {', '.join(elsewhere[:3])} has one of that name)" if elsewhere else ""
    return (
        f"the campaign has no skill of exactly that name{where}"
        if skills
        else f"the list of all skills is empty ({LATE})"
    )


def _not_usable(entry: DesiredSchedule, why: str) -> Finding:
    what = f"skill {entry.pinned_id}" if entry.pinned_id is not None else f"a skill named {entry.name!r}"
    message = (
        f"schedule {entry.name!r} of {entry.campaign_id} means {what}, which cannot be managed: {why}; nothing is created through "
        "the Admin API, so correct the entry, or make the skill in the console"
    )
    place = ("id",) if entry.pinned_id is not None else ("name",)
    return Finding(Severity.ERROR, "skill-not-usable", message, entry.places.locate(place))


def _ambiguous(entry: DesiredSchedule, skills: Sequence[LiveSchedule]) -> Finding:
    numbers = ", ".join(sorted(skill.schedule_id for skill in skills))
    message = (
        f"campaign {entry.campaign_id} holds {len(skills)} skills named {entry.name!r}, and nothing says which one of them this "
        f"is; write the number of the right one into the file as `id:`, one of {numbers}"
    )
    return Finding(Severity.ERROR, "ambiguous-name", message, entry.places.locate(("name",)))


def _adopted(resolved: Resolved) -> Finding:
    entry = resolved.schedule
    message = (
        f"schedule {entry.name!r} of {entry.campaign_id} is matched by its name with skill {resolved.schedule_id}; write "
        f'`id: "{resolved.schedule_id}"` into the file to keep that link through a rename'
    )
    return Finding(Severity.NOTICE, "adopted", message, entry.places.locate(("name",)))


def not_scheduled(entry: Resolved, live: LiveSchedule) -> Finding:
    """That a skill which git manages does not follow its weekly schedule."""
    message = (
        f"skill {live.schedule_id} ({live.name!r}) of {live.campaign_id} does not follow its weekly schedule in CXone (isScheduled is "
        "false), which no file can say, so an import cannot keep it: an apply makes it follow the schedule; turn it on in the "
        "console, or take the entry out of git"
    )
    return Finding(Severity.WARNING, "skill-not-scheduled", message, entry.schedule.places.locate(()))


class SkillFindings:
    """What is to be said of skills. `skills` are those of the list, and `unknown` the fields beside the weekly schedule's, by their
    number; `doubts` are why lists may lack something; `business_zone` asks for the Windows name of the business unit's time
    zone."""

    def __init__(
        self,
        admin: AdminSettings,
        skills: Mapping[str, Skill],
        unknown: Mapping[str, Sequence[str]],
        doubts: Sequence[str],
        business_zone: Callable[[], str],
    ) -> None:
        self._admin = admin
        self._unknown, self._doubts = unknown, doubts
        self._skills = skills
        self._business_zone = business_zone

    def of(self, diffs: Sequence[CampaignDiff]) -> tuple[Finding, ...]:
        """All of it, for what was compared."""
        findings = [
            Finding(Severity.WARNING, "list-incomplete", f"{doubt}: what did not come is not managed; {LATE}")
            for doubt in self._doubts
        ]
        for diff in diffs:
            for entry in (*diff.unchanged, *diff.changed):
                findings += self._managed(entry)
            for entry in diff.changed:
                findings += self._changed(entry)
        return (*findings, *self._fields(diffs), *self._zone())

    def _fields(self, diffs: Sequence[CampaignDiff]) -> Iterator[Finding]:
        """One notice per field that is not among the 22."""
        managed = (entry for diff in diffs for entry in (*diff.unchanged, *diff.changed))
        counts = Counter(name for entry in managed for name in self._unknown.get(entry.schedule_id, ()))
        for name, count in sorted(counts.items()):
            message = (
                f"CXone gives {counted(count, 'skill')} that git manages the field {name!r}, which is not among the 22 of a weekly "
                "schedule, so a write does not send it; ask NICE what becomes of it"
            )
            yield Finding(Severity.NOTICE, "unmanaged-field", message)

    def _managed(self, entry: Resolved) -> Iterator[Finding]:
        schedule, live = entry.schedule, entry.live
        if live is None:
            return
        if live.name != schedule.name:
            message = (
                f"skill {live.schedule_id} of {live.campaign_id} is called {live.name!r} in CXone and {schedule.name!r} in the "
                "file; the name is not changed, because only the weekly schedule of a skill is managed here"
            )
            yield Finding(Severity.NOTICE, "skill-name-differs", message, schedule.places.locate(("name",)))
        if not live.content["isScheduled"]:
            yield not_scheduled(entry, live)

    def _changed(self, entry: Resolved) -> Iterator[Finding]:
        schedule = entry.schedule
        skill = self._skills.get(entry.schedule_id)
        if skill is not None and skill.is_running:
            message = (
                f"skill {skill.skill_id} ({skill.name!r}) of {skill.campaign_id} is running, and NICE does not say what a new "
                "schedule does to a running skill: it may go on dialing by the old hours; look at it in the console afterwards"
            )
            yield Finding(Severity.WARNING, "skill-running", message, schedule.places.locate(()))

    def _zone(self) -> Iterator[Finding]:
        """Whether the business unit's zone is the one that the times are taken to be in."""
        from tzlocal.windows_tz import tz_win  # the table of CLDR, which only this API needs

        wanted = tz_win.get(self._admin.timezone)
        try:
            named = self._business_zone()
        except TenantError as error:
            words = f"the business unit's time zone could not be read, so it was not compared: {error.advice}"
        else:
            if named.casefold() in {self._admin.timezone.casefold(), (wanted or "").casefold()}:
                return
            same = f", which Windows calls {wanted!r}" if wanted else ", for which Windows has no name"
            words = (
                f"the business unit's default time zone is {named!r}, and admin.timezone is {self._admin.timezone}{same}; the API does "
                "not say in which zone the times of skills are, so make sure that it is this one"
            )
        yield Finding(Severity.WARNING, "admin-zone-differs", words, self._admin.place)
