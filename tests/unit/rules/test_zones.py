"""Zones from the tzdata package: names, near names, offsets."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from importlib.resources import files
from zoneinfo import reset_tzpath

import pytest

from reconciler.rules.zones import names, near_names, offset, offset_changes, zone


def instant(year: int, month: int, day: int, hour: int = 0) -> int:
    return int(datetime(year, month, day, hour, tzinfo=UTC).timestamp())


def test_old_names_are_names_too_and_case_counts() -> None:
    assert {"America/New_York", "US/Eastern", "UTC", "EST5EDT"} <= names()
    assert not {"america/new_york", "utc", "EDT", ""} & names()


@pytest.mark.parametrize("wrong", ["America/Newyork", "../../etc/passwd", "posixrules", "localtime", "zone.tab", ""])
def test_what_the_database_does_not_name_is_no_zone(wrong: str) -> None:
    with pytest.raises(KeyError):
        zone(wrong)


def test_the_zone_files_of_the_machine_do_not_count() -> None:
    """A machine may carry other rules, or none; the package's own are read whatever the search path is."""
    reset_tzpath(to=[])
    try:
        zone.cache_clear()
        assert zone("Asia/Manila").utcoffset(datetime(2026, 1, 1)) == timedelta(hours=8)  # noqa: DTZ001 - wall clock
    finally:
        reset_tzpath()


@pytest.mark.parametrize(
    ("wrong", "first"),
    [
        ("america/new_york", "America/New_York"),
        ("America/New York", "America/New_York"),
        ("  UTC ", "UTC"),
        ("America/NewYork", "America/New_York"),
        ("New_York", "America/New_York"),
        ("Europe/Chicago", "America/Chicago"),
        ("PST", "America/Los_Angeles"),
        ("ET", "America/New_York"),
        ("Eastern Standard Time", "America/New_York"),
        ("US Mountain Standard Time", "America/Denver"),
        ("Pacific Time", "America/Los_Angeles"),
        ("America/Chikago", "America/Chicago"),
    ],
)
def test_the_likeliest_name_comes_first(wrong: str, first: str) -> None:
    assert near_names(wrong)[0] == first


@pytest.mark.parametrize("wrong", ["", "?", "x" * 100_000])
def test_nothing_is_suggested_where_nothing_is_near(wrong: str) -> None:
    assert near_names(wrong) == ()


def test_at_most_three_names_are_suggested() -> None:
    assert 1 < len(near_names("America/Indiana")) <= 3


def test_the_changes_of_a_year_are_exact_to_the_second() -> None:
    assert offset_changes("America/New_York", 2027) == (instant(2027, 3, 14, 7), instant(2027, 11, 7, 6))
    assert offset_changes("America/Phoenix", 2027) == ()


def test_a_month_without_daylight_saving_is_seen() -> None:
    """Morocco goes back for Ramadan and forward again after it: two changes in five weeks."""
    changes = offset_changes("Africa/Casablanca", 2025)
    assert [offset("Africa/Casablanca", at - 1) for at in changes] == [3600, 0]
    assert [offset("Africa/Casablanca", at) for at in changes] == [0, 3600]


@pytest.mark.parametrize("name", ["America/New_York", "Asia/Kathmandu", "Etc/GMT+6", "Pacific/Apia"])
def test_offsets_agree_with_the_zone(name: str) -> None:
    for month in range(1, 13):
        there = datetime(2026, month, 1, tzinfo=UTC).astimezone(zone(name)).utcoffset()
        assert there is not None
        assert offset(name, instant(2026, month, 1)) == there.total_seconds()


def test_every_name_has_its_file_in_the_package() -> None:
    root = files("tzdata").joinpath("zoneinfo")
    assert all(root.joinpath(*name.split("/")).is_file() for name in names())
