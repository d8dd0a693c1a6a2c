"""From an entry of a campaign file to a desired schedule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .. import canonical
from ..model import Blackout, DesiredSchedule, JsonObject, Path, Places, Window
from .defaults import Defaults, closures_at, merged
from .places import FilePlaces, SchedulePlaces

if TYPE_CHECKING:
    from ..model.closed import Closure

NEEDED = ("timezone", "scheduleDetails")


def build(campaign_id: str, place: FilePlaces, defaults: Defaults) -> DesiredSchedule | None:
    """The schedule that an entry means with these defaults; None where it still lacks something."""
    entry, windows = cascaded(place.document.data, defaults)
    if any(field not in entry for field in NEEDED):
        return None
    if defaults.admin is None and any(cap not in window for window in windows for cap in canonical.CAPS):
        return None
    blackouts = dict(enumerate(entry.get("blackoutPeriods", ())))
    places = SchedulePlaces(place, defaults.places)
    own = closures_at(entry["closures"]) if "closures" in entry else ()
    closures = (*own, *defaults.closures)
    return assembled(campaign_id, entry, dict(enumerate(windows)), blackouts, places, closures)


def cascaded(own: JsonObject, defaults: Defaults) -> tuple[JsonObject, list[Any]]:
    """An entry upon the defaults, and its windows upon theirs; a window that is not known (see `salvage`) stays what it is."""
    entry = merged(defaults.schedule, own)
    details = entry.get("scheduleDetails")
    listed = details if isinstance(details, list) else []
    windows = [{**defaults.window, **window} if isinstance(window, dict) else window for window in listed]
    if defaults.admin is None:
        return entry, windows
    from .carried import as_skill  # late: most tenants are of the dialer

    return as_skill(entry, windows, defaults.admin)


def assembled(
    campaign_id: str,
    entry: JsonObject,
    windows: Mapping[int, JsonObject],
    blackouts: Mapping[int, JsonObject],
    places: Places,
    closures: tuple[Closure, ...] = (),
) -> DesiredSchedule:
    """The schedule of a complete entry. Windows and blackouts come with their number in the file; `closures` are those of all
    layers."""
    of_days: list[Window] = []
    for number, raw in windows.items():
        days = raw["dayOfWeek"]
        first, *others = [days] if isinstance(days, str) else days
        window = window_at({**raw, "dayOfWeek": first}, ("scheduleDetails", number))
        alike = ({**window.content, "dayOfWeek": day} for day in others)
        of_days += (
            window,
            *(Window(canonical.window_key(day), window.start, window.end, window.path, day) for day in alike),
        )
    of_days.sort(key=lambda window: (canonical.window_order(window.content), window.path))
    pauses = blackouts_at({("blackoutPeriods", number): raw for number, raw in blackouts.items()})
    exemption = entry.get("exemption")
    if exemption is not None:
        from ..model.law import Exemption  # late: few schedules are exempt

        exemption = Exemption(exemption["reason"], tuple(exemption["covers"]))
    of_windows = [window.content for window in of_days]
    if canonical.is_skill(entry):
        content = canonical.skill_content(entry["name"], entry["timezone"], of_windows)
    else:
        of_pauses = list({pause.key: pause.content for pause in pauses}.values())
        rules = {"regulatoryPauses": (), "agentAvailabilityProjection": False, **entry.get("complianceRules", {})}
        content = canonical.arranged(entry["name"], entry["timezone"], of_windows, of_pauses, rules)
    return DesiredSchedule(
        campaign_id=campaign_id,
        name=entry["name"],
        pinned_id=entry.get("id"),
        content=content,
        windows=tuple(of_days),
        blackouts=pauses,
        jurisdictions=tuple(entry.get("jurisdictions", ())),
        places=places,
        exemption=exemption,
        closures=closures,
    )


def window_at(raw: Mapping[str, Any], path: Path) -> Window:
    """A window with a single day, whose entry stands at a path of its schedule."""
    content = canonical.window(raw)
    start, end = canonical.seconds(content["startTime"]), canonical.seconds(content["endTime"])
    return Window(canonical.window_key(content), start, end, path, content)


def blackouts_at(raws: Mapping[Path, Mapping[str, Any]]) -> tuple[Blackout, ...]:
    """All blackouts of a schedule, by the path of each, in the order of the content; equal ones share their key."""
    entries = []
    for path, raw in raws.items():
        content = canonical.blackout(raw)
        entries.append((canonical.blackout_order(content), path, content))
    entries.sort(key=lambda entry: entry[:2])
    once = {order: content for order, _, content in entries}
    keys = dict(zip(once, canonical.blackout_keys(once.values()), strict=True))
    return tuple(
        Blackout(
            keys[order], canonical.seconds(content["startTime"]), canonical.seconds(content["endTime"]), path, content
        )
        for order, path, content in entries
    )
