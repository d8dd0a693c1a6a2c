"""Public holidays by the `holidays` package (pypi.org/project/holidays), by ISO 3166 code and with names in English.

The package is a tenth of a second to import and most schedules need none of it, so it is imported where it is asked.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from ..phrases import listing, quote

_LANGUAGE = "en_US"
_OF_ANOTHER_DAY = re.compile(r" \((?:observed|estimated|observed, estimated|in lieu|substitute day)\)$")
_YEARS_OF_NAMES = range(-5, 11)


class Holiday(NamedTuple):
    """One public holiday; of a day with several names there are several."""

    day: date
    name: str

    def is_called(self, name: str) -> bool:
        """Whether somebody means it by a name; an observed day goes with its own."""
        return _plain(name) in (_plain(self.name), _plain(own_name(self.name)))


@lru_cache(maxsize=512)
def holidays_of(code: str, year: int) -> tuple[Holiday, ...]:
    """The public holidays of a year by date, as far as the package knows the year; LookupError for a code that it does not
    know."""
    import holidays

    country, _, part = code.partition("-")
    try:
        with warnings.catch_warnings(action="ignore"):  # that it does not know all of a year
            days = holidays.country_holidays(country, subdiv=part or None, years=year, language=_LANGUAGE)
    except NotImplementedError:
        raise LookupError(code) from None
    return tuple(Holiday(day, name) for day in sorted(days) for name in sorted(days.get_list(day)) if day.year == year)


def own_name(name: str) -> str:
    """The name of a holiday without what says that it is another day's: `Independence Day (observed)`."""
    while (shorter := _OF_ANOTHER_DAY.sub("", name)) != name:
        name = shorter
    return name


@lru_cache(maxsize=64)
def holiday_names(code: str, year: int) -> frozenset[str]:
    """The names that a code's holidays have in the years around one: elections are not in every year."""
    return frozenset(own_name(holiday.name) for ahead in _YEARS_OF_NAMES for holiday in holidays_of(code, year + ahead))


@lru_cache(maxsize=1)
def holiday_data() -> str:
    """The package and its version, which vouch for the dates."""
    from importlib.metadata import version

    return f"holidays {version('holidays')}"


def unknown_code(code: str) -> str:
    """The sentence for a code that the package does not know, with what it may mean."""
    from holidays import list_supported_countries

    countries = list_supported_countries(include_aliases=False)
    country, _, part = code.partition("-")
    if part and country in countries:
        known = [f"{country}-{name}" for name in countries[country]]
        near = _near(code, known) or [country]
    else:
        near = _near(country, countries)
    hint = f" Did you mean {listing(near, last='or')}?" if near else ""
    return f"no public holidays are known for {quote(code)}.{hint}"


def unknown_name(name: str, known: Iterable[str], whose: str) -> str:
    """The sentence for a name that no holiday has, with what it may mean."""
    names = sorted(known)
    near = _near(name, names)
    hint = f"Did you mean {listing(map(quote, near), last='or')}?" if near else f"There are {', '.join(names)}."
    return f"{whose} has no holiday {quote(name)}. {hint}"


def is_name(name: str, known: Iterable[str]) -> bool:
    """Whether a name is one of those that are known, whatever its case and its apostrophes."""
    return _plain(own_name(name)) in map(_plain, known)


def _plain(name: str) -> str:
    return name.casefold().replace("’", "'").strip()


def _near(wrong: str, known: Iterable[str]) -> list[str]:
    from difflib import get_close_matches

    words = {_plain(word): word for word in sorted(known, reverse=True)}
    plain = _plain(wrong)[:80]
    near = (
        get_close_matches(plain, words, n=3, cutoff=0.6 if len(plain) > 2 else 0.5)
        or [word for word in words if plain in word or word in plain][:3]
    )
    return [words[word] for word in near]
