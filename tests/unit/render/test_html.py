"""The page: well-formed, self-contained, and nothing of a file or a tenant becomes a tag."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from reconciler.findings import Finding, Severity
from reconciler.model import JsonObject, Plan
from reconciler.render.escape import visible
from reconciler.render.html import plans_html, week_grid
from reconciler.render.words import plan_summary
from reconciler.week import Week, read_week

VOID = {"meta", "wbr"}
TAGS = VOID | {
    "html",
    "head",
    "title",
    "style",
    "body",
    "main",
    "h1",
    "h2",
    "h3",
    "h4",
    "p",
    "ul",
    "li",
    "section",
    "dl",
    "div",
    "dt",
    "dd",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "bdi",
    "code",
    "b",
    "article",
    "span",
    "svg",
    "line",
    "text",
    "rect",
    "figure",
    "figcaption",
}
ATTRIBUTES = {
    "lang",
    "charset",
    "http-equiv",
    "content",
    "name",
    "class",
    "scope",
    "viewbox",
    "role",
    "aria-label",
    "x",
    "y",
    "x1",
    "x2",
    "y1",
    "y2",
    "width",
    "height",
    "rx",
}


class Page(HTMLParser):
    """What a browser would make of the page; refuses whatever this program does not write."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.texts: list[str] = []
        self.style = ""
        self.policy = ""
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_startendtag(tag, attrs)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS, tag
        assert {name for name, _ in attrs} <= ATTRIBUTES, attrs
        self.tags.append(tag)
        if ("http-equiv", "Content-Security-Policy") in attrs:
            self.policy = str(dict(attrs)["content"])

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "style":
            self.style += data
        else:
            self.texts.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    handle_pi = unknown_decl = handle_comment

    @property
    def text(self) -> str:
        return "".join(self.texts)


def data_of(plan: Plan) -> Iterator[str]:
    yield from (plan.tenant, plan.base_uri)
    for change in plan.changes:
        yield change.name
        yield from (field.path for field in change.fields)
    for finding in plan.findings:
        yield finding.message
    for schedule in plan.unmanaged:
        yield schedule.name
    for webhook in plan.webhooks:
        yield webhook.url


@given(plans=st.lists(st.from_type(Plan), max_size=3))
def test_hostile_text_is_text(plans: list[Plan]) -> None:
    page = Page(plans_html(plans))
    for plan in plans:
        for item in data_of(plan):
            assert visible(item) in page.text
    assert page.tags.count("article") == sum(len(plan.changes) for plan in plans)
    assert page.tags.count("section") == len(plans)


def test_the_page_forbids_itself_everything_but_its_own_style(plan: Plan) -> None:
    text = plans_html([plan])
    page = Page(text)
    digest = base64.b64encode(hashlib.sha256(page.style.encode()).digest()).decode()
    assert page.policy == (f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'")
    assert text.startswith('<!doctype html>\n<html lang="en">')
    assert "url(" not in page.style
    assert "@import" not in page.style
    assert "prefers-color-scheme: dark" in page.style
    assert "@media print" in page.style


def test_summary_and_risks_come_first(plan: Plan) -> None:
    page = Page(plans_html([plan]))
    order = [
        plan_summary([plan]),
        "Would be refused",
        "in conflict",
        "Drift: ",
        "Recreated: ",
        str(plan.digest),
    ]
    assert [page.text.index(word) for word in order] == sorted(page.text.index(word) for word in order)


def test_changes_show_their_sides_reasons_and_weeks(plan: Plan) -> None:
    page = Page(plans_html([plan]))
    text = re.sub(r"\s+", " ", page.text)
    assert "5000" in text
    assert "4000" in text
    assert "asked for by this revision" in text
    assert "drift: would revert an edit made in the console" in text
    assert "schedules/cam_001.yaml:11:25" in text
    assert "window SATURDAY and SUNDAY 09:00–17:00, 5000/day, 800/hour, rate 1.2, 150/agent" in text
    assert page.tags.count("svg") == 2
    assert "dashed: live now" in text


def test_an_update_that_leaves_the_week_alone_draws_none(plan: Plan) -> None:
    renamed = replace(plan.changes[0], fields=plan.changes[0].fields[:1])
    assert "svg" not in Page(plans_html([replace(plan, changes=(renamed,))])).tags


def test_without_a_base_there_is_no_column_of_reasons(plan: Plan) -> None:
    fields = tuple(replace(field, origin=None) for field in plan.changes[0].fields)
    page = Page(plans_html([replace(plan, changes=(replace(plan.changes[0], fields=fields),))]))
    assert "Why" not in page.texts
    assert "Desired" in page.texts


def test_large_plans_are_complete_without_drawings(plan: Plan) -> None:
    creates = tuple(replace(plan.changes[1], schedule_id=f"s{n}") for n in range(301))
    page = Page(plans_html([replace(plan, changes=creates)]))
    assert page.tags.count("article") == 301
    assert "svg" not in page.tags
    assert "Weeks are drawn for plans of up to 300 changes." in page.text


def test_nothing_to_do_is_said(empty_plan: Plan) -> None:
    assert "No changes. Plan: 0 to create" in Page(plans_html([empty_plan])).text
    error = Finding(Severity.ERROR, "campaign-unreadable", "x")
    assert "No changes" not in Page(plans_html([replace(empty_plan, findings=(error,))])).text


def week_of(body: JsonObject | None) -> Week:
    found = read_week(body)
    assert found is not None
    return found


def rects(svg: str, kind: str) -> list[tuple[float, float, float]]:
    """(x, width, y) of each rectangle of a kind; the drawing holds no entity, so a plain parser is safe."""
    root = ET.fromstring(svg)  # noqa: S314 - made by this program a moment ago
    found = [node for node in root.iter("rect") if node.get("class") == kind]
    return [(float(item.get("x", "")), float(item.get("width", "")), float(item.get("y", ""))) for item in found]


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
        "Week; SATURDAY and SUNDAY 09:00–17:00, 5000/day, 800/hour, rate 1.2, 150/agent; blackout 12:00–13:00 LUNCH_BREAK"
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
