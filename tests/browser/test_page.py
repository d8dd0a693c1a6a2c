"""The page of a plan in a real browser: what it asks for, what it shows, and to whom."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from reconciler.findings import Finding, Severity
from reconciler.model import WEEKDAYS, Action, Change, Origin, Plan, Released, Request
from tests.support.browser import Shown
from tests.support.builders import put_body
from tests.support.plans import make_content, make_window

Open = Callable[..., Shown]

DAYTIME = (((8 * 3600, 20 * 3600),),) * 7
HOSTILE = (
    "<script>document.title='owned'</script>",
    '"><img src=x onerror="document.title=1">',
    "</style></svg></script><h1>{{ 7*7 }}</h1>",
    "&lt;b&gt; ' \" ` \u202e reversed \u200b",
    "javascript:alert(1)",
    "שלום עולם",
)

_BROKEN_WORDS = """() => {
  const broken = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (!node.parentElement.checkVisibility() || node.parentElement.closest("code, .id, script, style, option")) continue;
    for (const word of node.data.matchAll(/\\S+/g)) {
      const range = document.createRange();
      range.setStart(node, word.index);
      range.setEnd(node, word.index + word[0].length);
      const lines = new Set(Array.from(range.getClientRects(), (box) => Math.round(box.top)));
      if (lines.size > 1 && !/[-\\/]/.test(word[0])) broken.push(word[0]);
    }
  }
  return broken;
}"""
_WIDTHS = "() => [document.documentElement.scrollWidth, window.innerWidth]"


def created(number: int, campaign: str = "CAM_001", start: int = 32400, name: str = "") -> Change:
    """A new schedule, different from those of other numbers."""
    windows = [make_window(day, start, 61200 + 60 * number) for day in WEEKDAYS[:5]]
    content = make_content(name or f"Schedule {number}", windows, "LUNCH_BREAK", ["TCPA"])
    body = put_body(f"s{number}", **content)
    return Change(
        Action.CREATE,
        campaign,
        f"s{number}",
        content["name"],
        Request("PUT", f"/{number}", body),
        origin=Origin.CHANGE,
        allowed_hours=DAYTIME,
    )


@pytest.fixture
def large(plan: Plan) -> Plan:
    """300 changes, no two alike, in 30 campaigns."""
    changes = tuple(created(number, f"CAM_{number % 30:03}") for number in range(300))
    return plan._replace(changes=changes, findings=(), safety=())


def test_nothing_is_asked_for_and_nothing_complained_of(open_page: Open, plan: Plan) -> None:
    shown = open_page([plan])
    assert shown.requests == [shown.page.url]
    assert shown.complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_has_nothing_to_say(open_page: Open, plan: Plan, empty: Plan, scheme: str, width: int) -> None:
    shown = open_page([plan, empty], width=width, color_scheme=scheme)
    shown.run("() => document.querySelectorAll('details').forEach((folded) => { folded.open = true; })")
    assert shown.violations() == []


def test_on_a_phone_no_word_is_broken_and_nothing_scrolls_sideways(open_page: Open, plan: Plan) -> None:
    released = Released("CAM_001", "gone", "Sundays of the Southeast", put_body("gone"))
    shown = open_page([plan._replace(released=(released,))], width=390)
    shown.run("() => document.querySelectorAll('details').forEach((folded) => { folded.open = true; })")
    assert shown.run(_BROKEN_WORDS) == []
    assert shown.run(_WIDTHS) == [390, 390]


def test_search_and_filters_show_what_is_asked_for(open_page: Open, large: Plan) -> None:
    page = open_page([large]).page
    cards, output = page.locator("article:visible"), page.locator("output")
    assert output.inner_text() == "300 of 300 shown"
    page.get_by_label("Search").fill("schedule 17 ")
    assert cards.locator("h4").all_inner_texts() == [f"Schedule {n}" for n in (17, *range(170, 180))]
    page.get_by_label("Search").fill("")
    page.get_by_label("Campaign").select_option("CAM_007")
    assert output.inner_text() == "10 of 300 shown"
    assert page.locator("nav li.change:visible").count() == 10
    page.get_by_role("button", name="Show all").click()
    expect(output).to_have_text("300 of 300 shown")  # a form tells of its reset before its fields are empty


def test_filters_by_what_happens_who_asked_and_how_grave(open_page: Open, plan: Plan) -> None:
    released = Released("CAM_002", "gone", "Sundays", put_body("gone"))
    warning = Finding(Severity.WARNING, "not-active", "something is not active")
    mixed = plan._replace(
        changes=(created(1), created(2, "CAM_002")._replace(origin=Origin.CONFLICT)),
        released=(released,),
        findings=(warning,),
        safety=(),
    )
    page = open_page([mixed]).page

    def names(label: str, choice: str) -> list[str]:
        page.get_by_role("button", name="Show all").click()
        page.get_by_label(label).select_option(choice)
        return page.locator("article:visible h4").all_inner_texts()

    assert names("What happens", "schedules that leave git") == ["Sundays"]
    assert names("What happens", "findings") == []
    assert page.get_by_text("something is not active").is_visible()
    assert names("Who asked", "this revision, and somebody in CXone") == ["Schedule 2"]
    assert names("How grave", "refused") == ["Schedule 2"]
    assert names("How grave", "to be looked at") == ["Sundays"]
    assert names("Campaign", "CAM_001") == ["Schedule 1"]


def test_without_its_script_everything_can_be_read(open_page: Open, plan: Plan) -> None:
    page = open_page([plan], java_script_enabled=False).page
    assert not page.locator("form").is_visible()
    assert page.locator("article:visible").count() == 3
    page.get_by_text("Every field").first.click()
    assert page.get_by_text("scheduleDetails[MONDAY 09:00:00].maxCallsPerDay").is_visible()


def test_the_keyboard_reaches_the_search_the_changes_and_what_is_folded(open_page: Open, plan: Plan) -> None:
    page = open_page([plan]).page
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Skip the contents"
    page.keyboard.press("Enter")
    assert page.url.endswith("#changes")
    page.locator("summary").first.focus()
    page.keyboard.press("Enter")
    assert page.locator("details[open]").count() == 1


def test_each_week_has_its_words_for_who_does_not_see_it(open_page: Open, plan: Plan) -> None:
    page = open_page([plan._replace(changes=(created(1, start=7 * 3600),))]).page
    picture = page.get_by_role("img")
    assert picture.count() == 1
    words = picture.evaluate("(svg) => document.getElementById(svg.getAttribute('aria-labelledby')).innerText")
    assert "Mon–Fri 07:00–17:01, 5,000 calls a day" in words
    assert "The law allows: daily 08:00–20:00." in words
    assert "Outside the law: Mon–Fri 07:00–08:00." in words


def test_300_changes_are_complete_and_small(open_page: Open, large: Plan) -> None:
    shown = open_page([large])
    assert len(shown.page.content().encode()) < 1_000_000
    assert shown.page.locator("article figure").count() == 300
    assert shown.complaints == []


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_text(open_page: Open, plan: Plan, name: str) -> None:
    hostile = plan._replace(
        tenant=name,
        changes=(created(1, campaign=name, name=name),),
        findings=(Finding(Severity.WARNING, name, name),),
        safety=(),
    )
    shown = open_page([hostile])
    assert shown.complaints == []
    assert shown.requests == [shown.page.url]
    assert shown.page.title().startswith("Calling schedules: ")
    assert shown.page.locator("h1").count() == 1
    assert shown.page.locator("img, iframe, object, a:not([href^='#'])").count() == 0
    visible_name = name.replace("\u202e", "\\u202e").replace("\u200b", "\\u200b")
    assert shown.page.locator("article h4").first.inner_text() == visible_name


def test_it_prints_whole_with_all_that_is_folded(open_page: Open, plan: Plan, tmp_path: Path) -> None:
    page = open_page([plan]).page
    page.emulate_media(media="print")
    assert page.locator("nav").is_hidden()
    assert page.get_by_text("scheduleDetails[MONDAY 09:00:00].maxCallsPerDay").bounding_box() is not None
    paper = tmp_path / "plan.pdf"
    page.pdf(path=paper, format="A4", print_background=True)
    assert paper.read_bytes().startswith(b"%PDF-")
