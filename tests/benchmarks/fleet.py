"""A large tenant by number alone: the files that git holds and the schedules that CXone holds, equal to the last field.

Schedules are of three kinds that real files have (one to three windows in 18 to 32 lines, three to six windows live, one
blackout, jurisdictions, the projection), all of them legal. Caps differ from one to the next, so that nothing is
faster here than in real files because everything is the same. Both sides come from the same few values, but the live
side is not made by the program that is measured.
"""

from __future__ import annotations

import subprocess
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.benchmarks.common import Size

TENANT = "bench"
CLIENT_ID = "bench"
CLIENT_SECRET = "bench-secret"
ENVIRONMENT = {"CXONE_CLIENT_ID": CLIENT_ID, "CXONE_CLIENT_SECRET": CLIENT_SECRET}


@dataclass(frozen=True, slots=True)
class _Part:
    """One entry of `scheduleDetails` in a file: a window on each of its days."""

    days: tuple[str, ...]
    start: str
    end: str
    calls: int
    hourly: int


@dataclass(frozen=True, slots=True)
class _Kind:
    name: str
    timezone: str
    jurisdictions: tuple[str, ...]
    parts: tuple[_Part, ...]
    pauses: tuple[str, ...]


_WEEK = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY")
_KINDS = (
    _Kind(
        "Southeast",
        "America/New_York",
        ("US-FL", "US-GA", "US-NC"),
        (
            _Part(_WEEK[:4], "09:00", "18:00", 5000, 800),
            _Part(_WEEK[4:], "09:00", "16:00", 3600, 800),
            _Part(("SATURDAY",), "10:00", "14:00", 1200, 800),
        ),
        ("NCDOJ", "STATE_SPECIFIC", "TCPA"),
    ),
    _Kind(
        "Pacific",
        "America/Los_Angeles",
        ("US-CA", "US-WA"),
        (_Part(_WEEK, "09:00", "17:30", 4000, 800), _Part(("SATURDAY",), "10:00", "14:00", 1200, 800)),
        ("STATE_SPECIFIC", "TCPA"),
    ),
    _Kind(
        "Texas",
        "America/Chicago",
        ("US-TX",),
        (_Part(_WEEK[1:4], "10:00", "19:00", 4000, 800),),
        ("STATE_SPECIFIC", "TCPA"),
    ),
)
CLOSURES_AS_OF = "2026-10-20"
_RATES = (1.0, 1.1, 1.2, 1.5)


def campaigns(size: Size) -> Iterator[str]:
    """The ids of the campaigns."""
    return (f"CAM_{number:06}" for number in range(size.campaigns))


def write_files(folder: Path, size: Size, base_uri: str, concurrency: int = 8) -> None:
    """A repository in `folder` whose `schedules` hold all campaigns of the tenant at `base_uri`, committed."""
    root = folder / "schedules"
    root.mkdir(parents=True)
    (root / "tenant.yaml").write_text(
        f"name: {TENANT}\nbaseUri: {base_uri}\nrequests: {{concurrency: {concurrency}}}\n"
        "capacity: {agents: 10000000}\nsafety: {maxChangedPercent: 100}\n",
        encoding="utf-8",
    )
    for number in range(size.campaigns):
        write_campaign(folder, size, number)
    git = ("git", "-c", "user.name=bench", "-c", "user.email=bench@localhost", "-c", "gc.auto=0")
    for command in (("init", "-q"), ("add", "."), ("commit", "-q", "-m", "All schedules")):
        subprocess.run([*git, *command], cwd=folder, check=True)


def write_closures(folder: Path) -> None:
    """Closures for all schedules, none of them in the week of `CLOSURES_AS_OF`."""
    text = (
        "schedule:\n  closures:\n"
        "    - {date: 2026-11-26, reason: Thanksgiving}\n"
        '    - {date: 2026-12-24, startTime: "13:00", reason: Christmas Eve}\n'
        "    - {from: 2026-12-28, to: 2026-12-29, reason: Company holidays}\n"
        "    - {holidays: US, except: [Columbus Day]}\n"
        "    - {holidays: legal}\n"
    )
    (folder / "schedules" / "defaults.yaml").write_text(text, encoding="utf-8")


def write_campaign(folder: Path, size: Size, number: int, edited: frozenset[int] = frozenset()) -> Path:
    """Write the file of campaign `number`; the entries whose numbers are `edited` have one other cap. Returns its path."""
    path = folder / "schedules" / f"campaign_{number:06}.yaml"
    entries = (_entry(number * size.each + index, index in edited) for index in range(size.each))
    path.write_text(f"campaignId: CAM_{number:06}\nschedules:\n{''.join(entries)}", encoding="utf-8")
    return path


def live(size: Size) -> Iterator[tuple[str, dict[str, Any]]]:
    """The campaign and the PUT body of every schedule, as the unedited files mean it."""
    for number, campaign in enumerate(campaigns(size)):
        for index in range(size.each):
            yield campaign, _body(campaign, number * size.each + index)


def _entry(number: int, is_edited: bool) -> str:
    kind = _KINDS[number % len(_KINDS)]
    windows = "".join(
        f"      - dayOfWeek: {_flow(part.days)}\n"
        f'        startTime: "{part.start}"\n'
        f'        endTime: "{part.end}"\n'
        f"        maxCallsPerDay: {_calls(part, number) + is_edited}\n"
        f"        maxCallsPerHour: {part.hourly}\n"
        f"        predictiveRate: {_rate(number)}\n"
        "        maxCallsPerAgentPerDay: 150\n"
        for part in kind.parts
    )
    return (
        f"  - name: {kind.name} {number:06}\n"
        f"    timezone: {kind.timezone}\n"
        f"    jurisdictions: {_flow(kind.jurisdictions)}\n"
        f"    scheduleDetails:\n{windows}"
        "    blackoutPeriods:\n"
        '      - startTime: "12:00"\n'
        '        endTime: "13:00"\n'
        "        reason: LUNCH_BREAK\n"
        "    complianceRules:\n"
        f"      regulatoryPauses: {_flow(kind.pauses)}\n"
        "      agentAvailabilityProjection: true\n"
    )


def _body(campaign: str, number: int) -> dict[str, Any]:
    kind = _KINDS[number % len(_KINDS)]
    name = f"{kind.name} {number:06}"
    return {
        "id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{campaign}/{name}")),
        "name": name,
        "campaignId": campaign,
        "timezone": kind.timezone,
        "scheduleDetails": [
            {
                "dayOfWeek": day,
                "startTime": f"{part.start}:00",
                "endTime": f"{part.end}:00",
                "maxCallsPerDay": _calls(part, number),
                "maxCallsPerHour": part.hourly,
                "predictiveRate": _rate(number),
                "maxCallsPerAgentPerDay": 150,
            }
            for part in kind.parts
            for day in part.days
        ],
        "blackoutPeriods": [
            {
                "startTime": "12:00:00",
                "endTime": "13:00:00",
                "reason": "LUNCH_BREAK",
                "appliesToAllDays": True,
            }
        ],
        "complianceRules": {
            "regulatoryPauses": list(kind.pauses),
            "agentAvailabilityProjection": True,
            "enableComplianceInjection": True,
        },
    }


def _calls(part: _Part, number: int) -> int:
    return part.calls + number % 997


def _rate(number: int) -> float:
    return _RATES[number % len(_RATES)]


def _flow(values: tuple[str, ...]) -> str:
    return f"[{', '.join(values)}]"
