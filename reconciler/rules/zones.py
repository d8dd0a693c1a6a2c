"""Time zones from the `tzdata` package and from nowhere else.

`zoneinfo.ZoneInfo(name)` prefers the machine's own files, which differ from machine to machine; two runs of one
revision must agree. Names are held against the package's list, because a file system that ignores case would find
`utc` too.
"""

from __future__ import annotations

import io
from bisect import bisect_left
from datetime import UTC, date, datetime, time, tzinfo
from functools import lru_cache
from itertools import pairwise
from pkgutil import get_data
from zoneinfo import ZoneInfo

from ..intervals import DAY
from ..phrases import listing, quote

_SPOKEN_NAMES = {
    "America/New_York": "eastern et edt",
    "America/Chicago": "central ct cst cdt",
    "America/Denver": "mountain mt mdt",
    "America/Phoenix": "arizona",
    "America/Los_Angeles": "pacific pt pst pdt",
    "America/Anchorage": "alaska akst akdt",
    "Pacific/Honolulu": "hawaii",
}
"""What people in the United States call their zones; with `standard time` behind it, also what Windows calls them."""
_LONGEST = 64


@lru_cache(maxsize=1)
def names() -> frozenset[str]:
    """Every zone name of the IANA database, old names included."""
    return frozenset((get_data("tzdata", "zones") or b"").decode("ascii").split())


@lru_cache(maxsize=1024)
def zone(name: str) -> tzinfo:
    """The zone of that name; KeyError if the IANA database has none."""
    if name not in names():
        raise KeyError(name)
    return ZoneInfo.from_file(io.BytesIO(get_data("tzdata", f"zoneinfo/{name}") or b""), key=name)


@lru_cache(maxsize=1024)
def near_names(wrong: str) -> tuple[str, ...]:
    """Up to three zone names that `wrong` may mean, the likeliest first; empty when nothing is near."""
    from difflib import get_close_matches

    plain = "_".join(wrong[:_LONGEST].strip().lower().split())
    known = {name.lower(): name for name in sorted(names(), reverse=True)}
    if plain in known:
        return (known[plain],)
    spoken = plain.removesuffix("_time").removesuffix("_standard").removesuffix("_daylight")
    spoken = spoken.removeprefix("us_")
    for name, words in _SPOKEN_NAMES.items():
        if spoken in words.split():
            return (name,)
    places = sorted(name for low, name in known.items() if low.rpartition("/")[2] == plain.rpartition("/")[2])
    if places:
        return tuple(places[:3])
    near = get_close_matches(plain, known, cutoff=0.8) or get_close_matches(plain, known)
    return tuple(known[low] for low in near)


def unknown_zone(wrong: str) -> str:
    """The sentence for a name that is no zone, with what it may mean."""
    near = near_names(wrong)
    hint = f" Did you mean {listing(near, last='or')}?" if near else ""
    return f"{quote(wrong)} is not a time zone of the IANA database.{hint}"


@lru_cache(maxsize=8192)
def offset_changes(name: str, year: int) -> tuple[int, ...]:
    """When a zone's offset changes in a year of UTC, exact to the second, in seconds since 1970."""
    start, end = (int(datetime(number, 1, 1, tzinfo=UTC).timestamp()) for number in (year, year + 1))
    return tuple(
        before + bisect_left(range(before, after), True, key=lambda at: offset(name, at) == offset(name, after))
        for before, after in pairwise([*range(start, end, DAY), end])
        if offset(name, before) != offset(name, after)
    )


def midnight(name: str, day: date) -> int:
    """When a date begins in a zone, in seconds since 1970; KeyError for an unknown zone."""
    return int(datetime.combine(day, time.min, zone(name)).timestamp())


def offset(name: str, instant: int) -> int:
    """Seconds that a zone's clock is ahead of UTC at an instant (seconds since 1970)."""
    there = datetime.fromtimestamp(instant, zone(name)).utcoffset()
    return 0 if there is None else int(there.total_seconds())
