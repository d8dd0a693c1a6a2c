"""Campaigns as files say them and as a tenant holds them, and what people do to the tenant in the console: all of it from
one random number generator, so that a seed names a whole case."""

from __future__ import annotations

import copy
from random import Random
from typing import Any

from reconciler import canonical
from reconciler.model import WEEKDAYS, JsonObject

NAMES = (
    *(
        "Weekday calling",
        "yes",
        "1e3",
        "0x1",
        "09:00",
        "~",
        "null",
        "=",
        "<<",
        "no",
        "2026-11-22",
        "1_000",
        "true",
    ),
    *(
        "# x",
        "a/b",
        "..",
        'it\'s "q"',
        "😀 emoji",
        " leading",
        "trailing ",
        "x: y",
        "[a]",
        "{b",
        "*a",
        "&b",
        "!c",
        "%d",
    ),
    *(
        "@e",
        "`f`",
        "- g",
        "? h",
        "tab\tx",
        "line\nbreak",
        "carriage\rreturn",
        "bell\x07",
        "nel\x85",
        "ls\u2028",
        "\ufeff",
    ),
    *(
        "back\\slash",
        "ünï",
        "C:\\x",
        ", i",
        "",
        "| j",
        "> k",
        "'",
        '"',
        "...",
        "---",
        "%YAML 1.1",
        "\u202eltr",
        "nbsp\xa0",
    ),
)
PAUSES = ("NCDOJ", "TCPA", "FCC", "STATE_SPECIFIC")
DEFAULTS: JsonObject = {
    "schedule": {
        "timezone": "America/New_York",
        "complianceRules": {"agentAvailabilityProjection": True},
        "blackoutPeriods": [{"startTime": "12:00", "endTime": "13:00", "reason": "LUNCH_BREAK"}],
    },
    "window": {"maxCallsPerDay": 5000, "predictiveRate": 1.2},
}


def entry(random: Random, name: str) -> JsonObject:
    """A schedule as a campaign file has it, complete."""
    return {
        "name": name,
        "timezone": random.choice(["America/New_York", "America/Chicago"]),
        **({"jurisdictions": ["US-NC", "US-FL"]} if random.random() < 0.3 else {}),
        "scheduleDetails": _windows(random),
        "blackoutPeriods": _blackouts(random),
        "complianceRules": {
            "regulatoryPauses": random.sample(PAUSES, random.choice([0, 1, 2])),
            "agentAvailabilityProjection": random.random() < 0.5,
            "enableComplianceInjection": random.random() < 0.5,
        },
    }


def shortened(random: Random, whole: JsonObject) -> JsonObject:
    """The same entry without some of what DEFAULTS give."""
    short = copy.deepcopy(whole)
    defaults, rules = DEFAULTS["schedule"], short["complianceRules"]
    for name in ("timezone", "blackoutPeriods"):
        if short[name] == defaults[name]:
            del short[name]
    if rules["agentAvailabilityProjection"] and random.random() < 0.7:
        del rules["agentAvailabilityProjection"]
    for window in short["scheduleDetails"]:
        for name, value in DEFAULTS["window"].items():
            if window[name] == value and random.random() < 0.7:
                del window[name]
    return short


def body(campaign_id: str, schedule_id: str, whole: JsonObject) -> JsonObject:
    """What a tenant holds that holds exactly this entry."""
    windows = [
        {**window, "dayOfWeek": day}
        for window in whole["scheduleDetails"]
        for day in ([window["dayOfWeek"]] if isinstance(window["dayOfWeek"], str) else window["dayOfWeek"])
    ]
    content = canonical.content(
        whole["name"], whole["timezone"], windows, whole["blackoutPeriods"], whole["complianceRules"]
    )
    return canonical.body(campaign_id, schedule_id, content)


def drifted(random: Random, held: JsonObject) -> JsonObject:
    """The same schedule after some edits in the console, or none."""
    held = copy.deepcopy(held)
    for _ in range(random.choice([0, 1, 1, 2, 3])):
        random.choice(_EDITS)(random, held)
    return held


def _clock(minutes: int) -> str:
    return canonical.clock(minutes * 60).removesuffix(":00")


def _windows(random: Random) -> list[JsonObject]:
    found: list[JsonObject] = []
    taken: set[tuple[str, str]] = set()
    for _ in range(random.choice([1, 1, 2, 3])):
        start = random.randrange(40) * 30
        free = [day for day in WEEKDAYS if (day, _clock(start)) not in taken]
        if not free:
            continue
        days = sorted(random.sample(free, random.randint(1, len(free))), key=canonical.DAY_ORDER.__getitem__)
        taken |= {(day, _clock(start)) for day in days}
        found.append(
            {
                "dayOfWeek": days if len(days) > 1 or random.random() < 0.3 else days[0],
                "startTime": _clock(start),
                "endTime": _clock(start + 90) + random.choice(["", "", ":30"]),
                "maxCallsPerDay": random.choice([5000, 4000, 100]),
                "maxCallsPerHour": random.choice([800, 900]),
                "predictiveRate": random.choice([1.2, 1, 2.5]),
                "maxCallsPerAgentPerDay": random.choice([150, 100]),
            }
        )
    return found


def _blackouts(random: Random) -> list[JsonObject]:
    found: dict[tuple[str, str], JsonObject] = {}
    for _ in range(random.choice([0, 1, 1, 2])):
        start, reason = _clock(random.randrange(1380)), random.choice(["LUNCH_BREAK", "on", "R: x"])
        found[start, reason] = {"startTime": start, "endTime": "23:30", "reason": reason}
        if random.random() < 0.3:
            found[start, reason]["appliesToAllDays"] = random.random() < 0.5
    if random.random() < 0.2:
        return copy.deepcopy(list(DEFAULTS["schedule"]["blackoutPeriods"]))
    return list(found.values())


def _edit_cap(random: Random, held: JsonObject) -> None:
    name = random.choice(["maxCallsPerDay", "maxCallsPerHour", "maxCallsPerAgentPerDay"])
    random.choice(held["scheduleDetails"])[name] = random.randrange(1, 500)


def _edit_rates(random: Random, held: JsonObject) -> None:
    rate = random.choice([1.5, 2])
    for window in held["scheduleDetails"]:
        window["predictiveRate"] = rate


def _edit_end(random: Random, held: JsonObject) -> None:
    random.choice(held["scheduleDetails"])["endTime"] = f"23:59:0{random.randrange(9)}"


def _edit_start(random: Random, held: JsonObject) -> None:
    window = random.choice(held["scheduleDetails"])
    _keep_apart(held, window, {**window, "startTime": f"00:{random.randrange(60):02d}:00"})


def _remove_window(random: Random, held: JsonObject) -> None:
    if len(held["scheduleDetails"]) > 1:
        held["scheduleDetails"].remove(random.choice(held["scheduleDetails"]))


def _add_window(random: Random, held: JsonObject) -> None:
    pattern = random.choice(held["scheduleDetails"])
    _keep_apart(held, None, {**pattern, "dayOfWeek": random.choice(WEEKDAYS)})


def _keep_apart(held: JsonObject, old: JsonObject | None, new: JsonObject) -> None:
    windows = held["scheduleDetails"]
    if all(canonical.window_key(window) != canonical.window_key(new) for window in windows):
        if old is not None:
            windows.remove(old)
        windows.append(new)


def _remove_blackout(random: Random, held: JsonObject) -> None:
    if held["blackoutPeriods"]:
        held["blackoutPeriods"].remove(random.choice(held["blackoutPeriods"]))


def _add_blackout(random: Random, held: JsonObject) -> None:
    times: dict[str, Any] = {"startTime": f"01:{random.randrange(60):02d}:00", "endTime": "02:00:00"}
    held["blackoutPeriods"].append({**times, "reason": "NEW: one", "appliesToAllDays": random.random() < 0.7})


def _edit_blackout(random: Random, held: JsonObject) -> None:
    if held["blackoutPeriods"]:
        name = random.choice(["startTime", "endTime"])
        random.choice(held["blackoutPeriods"])[name] = f"22:0{random.randrange(9)}:00"


def _edit_rules(random: Random, held: JsonObject) -> None:
    rules = held["complianceRules"]
    name = random.choice(["agentAvailabilityProjection", "enableComplianceInjection", "regulatoryPauses"])
    if name == "regulatoryPauses":
        rules[name] = sorted(random.sample(PAUSES, random.choice([0, 1, 2, 3])))
    else:
        rules[name] = not rules[name]


def _edit_zone(_random: Random, held: JsonObject) -> None:
    held["timezone"] = "America/Denver"


def _rename(random: Random, held: JsonObject) -> None:
    held["name"] = f"{random.choice(NAMES)} renamed {random.randrange(99)}"


_EDITS = (
    *(_edit_cap, _edit_cap, _edit_rates, _edit_end, _edit_start, _remove_window, _add_window),
    *(_remove_blackout, _add_blackout, _edit_blackout, _edit_rules, _edit_zone, _rename),
)
