"""The drawing of a week: bars where the windows are, blackouts cut out, the same facts as its label."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree as ET

from reconciler.model import JsonObject, Plan
from reconciler.render.grid import week_grid
from reconciler.render.week import Week, read_week


def week_of(body: JsonObject | None) -> Week:
    found = read_week(body)
    assert found is not None
    return found


def rects(svg: str, kind: str) -> list[tuple[float, float, float]]:
    """(x, width, y) of each rectangle of a kind; the drawing holds no entity, so a plain parser is safe."""
    root = ET.fromstring(svg)  # noqa: S314 - made by this program a moment ago
    found = [each for each in root.iter("rect") if each.get("class") == kind]
    return [
        (float(each.get("x", "")), float(each.get("width", "")), float(each.get("y", ""))) for each in found
    ]


def test_windows_and_blackouts_are_where_the_clock_says(plan: Plan) -> None:
    svg = week_grid(week_of(plan.changes[1].request.body))
    windows, blackouts = rects(svg, "window"), rects(svg, "blackout")
    assert len(windows) == len(blackouts) == 2
    (start, width, saturday), (_, _, sunday) = windows
    hour = width / 8
    assert blackouts[0] == (start + 3 * hour, hour, saturday)
    assert sunday > saturday
    assert rects(svg, "was") == []


def test_what_was_live_is_outlined(plan: Plan) -> None:
    update = plan.changes[0]
    svg = week_grid(week_of(update.request.body), week_of(update.before))
    assert len(rects(svg, "window")) == 5
    assert len(rects(svg, "was")) == 6


def test_the_label_says_the_same_in_words(plan: Plan) -> None:
    label = ET.fromstring(week_grid(week_of(plan.changes[1].request.body))).get("aria-label")  # noqa: S314 - as above
    assert label == (
        "Week; SATURDAY, SUNDAY 09:00–17:00, 5000/day, 800/hour, rate 1.2, 150/agent; blackout 12:00–13:00 LUNCH_BREAK"
    )


def test_a_blackout_whose_days_are_not_known_is_not_drawn(plan: Plan) -> None:
    found = week_of(plan.changes[1].request.body)
    some = replace(found, blackouts=({**found.blackouts[0], "appliesToAllDays": False},))
    assert rects(week_grid(some), "blackout") == []
    assert "not on all days" in week_grid(some)


def test_a_window_that_ends_before_it_starts_is_not_drawn(plan: Plan) -> None:
    found = week_of(plan.changes[1].request.body)
    wrong = replace(found, windows=({**found.windows[0], "startTime": "18:00:00"},), blackouts=())
    assert rects(week_grid(wrong), "window") == []


def test_a_crowded_week_is_not_drawn(plan: Plan) -> None:
    found = week_of(plan.changes[1].request.body)
    crowded = replace(found, windows=found.windows * 101)
    assert week_grid(crowded) == ""
    assert week_grid(found, crowded) == ""
