"""The page: well-formed, self-contained, and nothing of a file or a tenant becomes a tag."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from reconciler.findings import Finding, Severity
from reconciler.model import Plan, Refusal
from reconciler.model.closed import ClosedDay
from reconciler.render.escape import visible
from reconciler.render.html import plans_html

VOID = {"meta", "br", "wbr", "input", "path", "use"}
_TAGS = [
    "html",
    "head",
    "title",
    "style",
    "script",
    "body",
    "div",
    "header",
    "nav",
    "main",
    "section",
    "article",
    "form",
    "label",
    "select",
    "option",
    "button",
    "output",
    "a",
    "h1",
    "h2",
    "h3",
    "h4",
    "p",
    "ol",
    "ul",
    "li",
    "dl",
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
    "small",
    "span",
    "svg",
    "defs",
    "pattern",
    "figure",
    "figcaption",
    "details",
    "summary",
]
TAGS = VOID.union(_TAGS)
ATTRIBUTES = [
    "lang",
    "charset",
    "http-equiv",
    "content",
    "name",
    "class",
    "id",
    "href",
    "scope",
    "role",
    "hidden",
    "type",
    "autocomplete",
    "value",
    "tabindex",
    "width",
    "height",
    "d",
    "viewbox",
    "preserveaspectratio",
    "patternunits",
]


class Page(HTMLParser):
    """What a browser would make of the page; refuses whatever this program does not write."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.texts: list[str] = []
        self.raw = {"style": "", "script": ""}
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
        names = {name for name, _ in attrs if not name.startswith(("data-", "aria-"))}
        assert names <= set(ATTRIBUTES), attrs
        values = {name: value or "" for name, value in attrs}
        self.tags.append(tag)
        self.ids += [values["id"]] if "id" in values else []
        self.links += [values[name] for name in ("href",) if name in values]
        if values.get("http-equiv") == "Content-Security-Policy":
            self.policy = values["content"]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in self.raw:
            self.raw[self.open[-1]] += data
        else:
            self.texts.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    handle_pi = unknown_decl = handle_comment

    @property
    def text(self) -> str:
        return "".join(self.texts)


def data_of(plan: Plan) -> Iterator[str]:
    yield from (plan.tenant or "No tenant", plan.base_uri)
    for change in plan.changes:
        yield change.name
        yield from (field.path for field in change.fields)
    for schedule in plan.unmanaged:
        yield schedule.name
    for webhook in plan.webhooks:
        yield webhook.url


@given(plans=st.lists(st.from_type(Plan), max_size=3))
def test_hostile_text_is_text(plans: list[Plan]) -> None:
    page = Page(plans_html(plans))
    for plan in plans:
        for text in data_of(plan):
            assert visible(text) in page.text
    assert page.tags.count("section") == len(plans)
    assert len(page.ids) == len(set(page.ids))
    assert all(link.startswith("#") and link[1:] in page.ids for link in page.links)


def test_the_page_forbids_itself_everything_but_its_own_style_and_script(plan: Plan) -> None:
    text = plans_html([plan])
    page = Page(text)
    hashes = {name: base64.b64encode(hashlib.sha256(raw.encode()).digest()).decode() for name, raw in page.raw.items()}
    assert page.policy == (
        f"default-src 'none'; style-src 'sha256-{hashes['style']}'; script-src 'sha256-{hashes['script']}'; "
        "base-uri 'none'; form-action 'none'"
    )
    assert text.startswith('<!doctype html>\n<html lang="en">')
    assert set(re.findall(r"url\((.)", page.raw["style"])) == {"#"}
    assert "@import" not in page.raw["style"]
    assert "innerHTML" not in page.raw["script"]


def test_what_it_means_comes_first_and_the_gravest_row_before_the_others(plan: Plan) -> None:
    text = Page(plans_html([plan])).text
    order = ["This apply would be refused", "conflict: ", "comes back: ", "2 live schedules hold", str(plan.digest)]
    places = [text.index(part) for part in order]
    assert places == sorted(places)


def test_rows_say_who_asked_and_what_changes(plan: Plan) -> None:
    page = Page(plans_html([plan]))
    text = re.sub(r"\s+", " ", page.text)
    assert "Sat 09:00–17:00, 5,000 calls a day → nothing" in text
    assert "schedules/cam_001.yaml:4" in text
    assert "line 10, CONFLICT" in text
    assert page.tags.count("figure") == 2


def test_equal_changes_are_one_row_with_all_their_schedules(plan: Plan) -> None:
    create = plan.changes[1]
    many = tuple(create._replace(name=f"Weekend {n}", schedule_id=f"s{n}") for n in range(300))
    page = Page(plans_html([plan._replace(changes=many, findings=(), safety=())]))
    assert page.tags.count("article") == 1
    assert page.tags.count("figure") == 1
    assert "300 schedules" in page.text
    assert all(f"Weekend {n} " in page.text for n in range(300))


def test_what_a_large_page_leaves_out_is_counted(plan: Plan) -> None:
    update = plan.changes[0]
    many = tuple(update._replace(name=f"Schedule {n}", schedule_id=f"s{n}") for n in range(700))
    page = Page(plans_html([plan._replace(changes=many)]))
    hidden = sum(map(int, re.findall(r"(\d+) (?:more )?fields are not shown", page.text)))
    assert hidden + page.text.count("scheduleDetails[") + page.text.count("complianceRules") <= 700 * len(update.fields)
    assert hidden == 700 * len(update.fields) - 1500


def test_nothing_to_do_is_said(empty_plan: Plan) -> None:
    assert "No schedule changes" in Page(plans_html([empty_plan])).text
    error = Finding(Severity.ERROR, "campaign-unreadable", "x")
    assert "No schedule changes" not in Page(plans_html([empty_plan._replace(findings=(error,))])).text


def test_closures_of_the_next_weeks_are_said_with_what_they_take(plan: Plan) -> None:
    whole = ClosedDay("2026-11-26", ((0, 86400),), ("Thanksgiving",), 3, 24)
    part = ClosedDay("2026-12-11", ((46800, 86400),), ("<Party>",), 1, 5.5)
    text = re.sub(r"\s+", " ", Page(plans_html([plan._replace(closures=(whole, part))])).text)
    assert "THURSDAY 2026-11-26: Thanksgiving (24 h of 3 schedules)" in text
    assert "FRIDAY 2026-12-11 13:00–24:00: <Party> (5.5 h of 1 schedule)" in text


def test_what_refuses_an_apply_is_said_first_and_whether_force_lifts_it(empty_plan: Plan) -> None:
    drift = Refusal("safety.onDrift is refuse, and this would revert drift", liftable=False)
    text = re.sub(r"\s+", " ", Page(plans_html([empty_plan._replace(refusals=(drift,))])).text)
    assert "This apply would be refused" in text
    assert "refused, and --force does not lift it" in text


def test_a_few_errors_are_said_one_by_one(plan: Plan) -> None:
    errors = tuple(Finding(Severity.ERROR, "schema", f"mistake {number}") for number in range(6))
    assert "6 times" in plans_html([plan._replace(findings=errors)])
    few = plans_html([plan._replace(findings=errors[:5])])
    assert "times" not in few
    assert all(f"<bdi>mistake {number}</bdi></p>" in few for number in range(5))


def test_figures_that_stay_are_said_once(plan: Plan) -> None:
    page = plans_html([plan])
    assert "<dt>Their hours a week</dt><dd>42 → 56.5 h <small>+14.5 h</small></dd>" in page
    assert "<dt>Their calls a week, at most</dt><dd>30,000 <small>as before</small></dd>" in page
