"""A week as a drawing: each kind of hours where the clock says, and the same in words."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from reconciler.intervals import WeekHours
from reconciler.model import JsonObject
from reconciler.render.drawing import Drawing, drawing
from reconciler.week import Week, read_week
from tests.support.builders import put_body, window

DAYTIME = (((8 * 3600, 20 * 3600),),) * 7
_BOX = re.compile(r"M(\d+) (\d+)h(\d+)v(\d+)h-\d+z")


def week(*windows: JsonObject) -> Week:
    read = read_week(put_body(scheduleDetails=list(windows), blackoutPeriods=[]))
    assert read is not None
    return read


def drawn(before: Week | None, after: Week, allowed: WeekHours | None = DAYTIME) -> Drawing:
    made = drawing(before, after, allowed)
    assert made is not None
    return made


def boxes(made: Drawing, name: str) -> list[tuple[int, int, int]]:
    """Weekday, first and last minute of each box of a kind."""
    path = dict(made.paths).get(name, "")
    return [(int(y) // 10, int(x), int(x) + int(w)) for x, y, w, _ in _BOX.findall(path)]


def test_hours_stay_come_and_go() -> None:
    made = drawn(week(window("MONDAY", "09:00", "17:00")), week(window("MONDAY", "10:00", "18:30")))
    assert boxes(made, "s") == [(0, 600, 1020)]
    assert boxes(made, "a") == [(0, 1020, 1110)]
    assert boxes(made, "c") == [(0, 540, 600)]
    assert boxes(made, "l") == [(day, 480, 1200) for day in range(7)]
    assert not made.outside


def test_hours_outside_the_law_are_marked_and_said() -> None:
    made = drawn(None, week(window("SUNDAY", "07:30", "20:00:01")))
    assert boxes(made, "x") == [(6, 450, 480), (6, 1200, 1201)]
    assert made.outside
    assert made.caption[-1] == "Outside the law: Sun 07:30–08:00 and 20:00–20:00:01."


def test_without_known_law_there_is_no_band() -> None:
    made = drawn(None, week(window("SUNDAY", "07:30", "20:00")), None)
    assert boxes(made, "l") == boxes(made, "x") == []
    assert len(made.caption) == 2


def test_the_caption_has_the_whole_week_in_words() -> None:
    made = drawn(None, week(*(window(day, "09:00", "17:00") for day in ("MONDAY", "TUESDAY", "WEDNESDAY"))))
    assert made.caption == (
        "The week then: Mon–Wed 09:00–17:00, 5,000 calls a day (America/New_York).",
        "24 h, up to 15,000 calls a week.",
        "The law allows: daily 08:00–20:00.",
    )


def test_a_crowded_week_is_not_drawn() -> None:
    crowded = week(window("MONDAY"))
    assert drawing(None, crowded._replace(windows=crowded.windows * 201), None) is None
    assert drawing(crowded._replace(windows=crowded.windows * 201), crowded, None) is None


_DAYS = st.sampled_from(["MONDAY", "TUESDAY", "SUNDAY"])
_MINUTES = st.integers(0, 1438)


@st.composite
def weeks(draw: st.DrawFn) -> Week:
    times = draw(
        st.lists(st.tuples(_DAYS, _MINUTES, st.integers(1, 300)), min_size=1, max_size=4, unique_by=lambda t: t[:2])
    )
    return week(
        *(
            window(day, f"{start // 60:02}:{start % 60:02}", f"{end // 60:02}:{end % 60:02}")
            for day, start, length in times
            for end in [min(1439, start + length)]
        )
    )


@given(before=weeks(), after=weeks())
def test_what_stays_and_what_comes_is_the_week_and_what_stays_and_what_goes_the_one_before(
    before: Week, after: Week
) -> None:
    made = drawn(before, after)

    def minutes(*names: str) -> set[tuple[int, int]]:
        return {(day, m) for name in names for day, start, end in boxes(made, name) for m in range(start, end)}

    def open_minutes(of: Week) -> set[tuple[int, int]]:
        return {(day, m) for day, spans in enumerate(of.open_times) for a, b in spans for m in range(a // 60, b // 60)}

    assert minutes("s", "a") == open_minutes(after)
    assert minutes("s", "c") == open_minutes(before)
    assert minutes("x") == open_minutes(after) - minutes("l")
