"""Markdown: bounded for any number of plans, whole, and other people's text stands in code or escaped only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from reconciler.findings import Finding, Location, Severity
from reconciler.model import Action, FieldChange, Origin, Plan, Unmanaged
from reconciler.render.escape import clipped, html_text
from reconciler.render.markdown import LIMIT, NOTE_UNITS, fill, plans_markdown, units

GITHUB_LIMIT = 65_536
PARSER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
OPENING = re.compile(r"<details><summary><b>create</b> <code>[^<>]*</code> <code>[^<>]*</code></summary>\n", re.DOTALL)
CLOSING = "</details>\n"
OWN_INLINE = {"text", "code_inline", "softbreak", "strong_open", "strong_close"}
OWN_BLOCKS = {
    *("inline", "html_block", "heading_open", "heading_close", "paragraph_open", "paragraph_close"),
    *("bullet_list_open", "bullet_list_close", "list_item_open", "list_item_close"),
    *("table_open", "table_close", "thead_open", "thead_close", "tbody_open", "tbody_close"),
    *("tr_open", "tr_close", "th_open", "th_close", "td_open", "td_close"),
}
# Nothing that GitHub makes a mention, an issue's number, an address, a picture or a link of.
LINKING = re.compile(r"[@#<>\[\]`*_~|\\]|://|www\.|[0-9a-f]{7,}|[A-Za-z]-[0-9]")


def tokens_of(text: str) -> Iterator[Token]:
    for token in PARSER.parse(text):
        yield token
        yield from token.children or []


def assert_whole(text: str) -> list[Token]:
    """The text is bounded, balanced, and consists of nothing but this program's own Markdown."""
    assert max(len(text), units(text)) <= LIMIT < GITHUB_LIMIT
    assert text.endswith("\n")
    tokens = list(tokens_of(text))
    depth = 0
    for token in tokens:
        if token.type == "html_block":
            assert token.content == CLOSING or OPENING.fullmatch(token.content), token.content
            depth += 1 if token.content != CLOSING else -1
            assert depth in (0, 1)
        elif token.type == "text":
            assert not LINKING.search(token.content), token.content
        else:
            assert token.type in OWN_BLOCKS | OWN_INLINE, token
    assert depth == 0
    return tokens


def code_of(tokens: list[Token]) -> list[str]:
    return [token.content for token in tokens if token.type == "code_inline"]


def in_code(text: str, length: int = 200) -> str:
    shown = clipped(text, length).replace("|", r"\x7c")
    if shown.strip(" "):
        return shown
    return f"({len(shown)} blanks)" if shown else "(empty)"


@given(plans=st.lists(st.from_type(Plan), max_size=4))
def test_hostile_text_breaks_out_of_nothing(plans: list[Plan]) -> None:
    tokens = assert_whole(plans_markdown(plans))
    codes = code_of(tokens)
    summaries = [token.content for token in tokens if token.type == "html_block"]
    for plan in plans:
        assert not plan.tenant or in_code(plan.tenant, 80) in codes
        for change in plan.changes:
            if change.action is Action.UPDATE:
                assert in_code(change.name) in codes
            else:
                assert any(f"<code>{html_text(clipped(change.name, 200))}</code>" in summary for summary in summaries)
        for schedule in plan.unmanaged:
            assert in_code(schedule.name) in codes


def test_summary_and_risks_come_before_any_detail(plan: Plan) -> None:
    text = plans_markdown([plan])
    assert text.startswith("## Calling schedules\n\n**Plan: 1 to create, 1 to update, ")
    order = [
        "maxChangedPercent 45.5",
        "in conflict",
        "Drift",
        "Recreated",
        f"`{plan.digest}`",
        "scheduleDetails",
    ]
    assert [text.index(word) for word in order] == sorted(text.index(word) for word in order)


def test_a_field_says_both_sides_why_and_where(plan: Plan) -> None:
    assert (
        "- `scheduleDetails[MONDAY 09:00:00].maxCallsPerDay`: `5000` → `4000` — asked for by this revision "
        "(`schedules/cam_001.yaml:11:25`)\n"
    ) in plans_markdown([plan])


def test_nothing_to_do_is_said_first(plan: Plan, empty_plan: Plan) -> None:
    assert "**No changes. Plan: 0 to create" in plans_markdown([empty_plan])
    assert "No changes" not in plans_markdown([empty_plan, plan])
    error = Finding(Severity.ERROR, "campaign-unreadable", "x")
    assert "No changes" not in plans_markdown([replace(empty_plan, findings=(error,))])


def counts_of_left_out(text: str, noun: str) -> int:
    return sum(int(count) for count in re.findall(rf"([0-9]+) more not shown \({noun}\)", text))


def many_creates(plan: Plan, count: int) -> Plan:
    create = plan.changes[1]
    creates = (replace(create, schedule_id=f"s{n}", name=f"Name {n} 🙂") for n in range(count))
    return replace(plan, changes=tuple(creates))


@pytest.mark.parametrize("count", [50, 10_000])
def test_creates_are_shown_whole_or_counted(plan: Plan, count: int) -> None:
    text = plans_markdown([many_creates(plan, count)])
    tokens = assert_whole(text)
    shown = sum(token.content != CLOSING for token in tokens if token.type == "html_block")
    assert shown + counts_of_left_out(text, "changes") == count
    assert units(text) > LIMIT * 0.9 or shown == count, "the room is used"


def test_errors_do_not_crowd_out_the_changes(plan: Plan) -> None:
    findings = tuple(
        Finding(Severity.ERROR, "window-overlap", f"number {n}", Location("a.yaml", n + 1)) for n in range(5000)
    )
    text = plans_markdown([replace(plan, findings=findings)])
    assert_whole(text)
    assert "This plan cannot be applied: it has 5000 errors." in text
    assert "`Weekday calling`" in text
    assert "<code>Weekend</code>" in text
    shown = text.count("**error**")
    assert shown > 100
    assert shown + counts_of_left_out(text, "findings") == 5000


def test_a_change_of_a_thousand_fields_is_bounded_and_hides_nothing_else(plan: Plan) -> None:
    fields = tuple(FieldChange("x" * 900, "y" * 900, "`" * 900, Origin.CONFLICT) for _ in range(1000))
    huge = replace(plan.changes[0], fields=fields)
    text = plans_markdown([replace(plan, changes=(huge, plan.changes[1]))])
    assert_whole(text)
    assert "<code>Weekend</code>" in text


@pytest.mark.parametrize("count", [2, 30, 31, 200, 3000])
def test_many_tenants_are_a_table_and_details_as_far_as_they_fit(plan: Plan, count: int) -> None:
    plans = [replace(plan, tenant=f"tenant {n}") for n in range(count)]
    text = plans_markdown(plans)
    tokens = assert_whole(text)
    rows = sum(token.type == "tr_open" for token in tokens) - 1
    assert rows + counts_of_left_out(text.split("\n### ")[0], "tenants") == count
    sections = text.count("\n### `")
    assert sections + counts_of_left_out(text.split("\n### ")[-1], "tenants") == count
    assert sections >= min(count, 20)


def test_the_largest_texts_of_many_hostile_tenants_stay_within(plan: Plan) -> None:
    nasty = "`🙂" * 40_000
    worst = replace(
        plan,
        tenant=nasty,
        base_uri=nasty,
        as_of=nasty,
        revision=nasty,
        base=nasty,
        digest=nasty,
        safety=tuple(replace(check, limit=nasty) for check in plan.safety * 20),
        unmanaged=(Unmanaged(nasty, nasty, nasty),) * 500,
        findings=(Finding(Severity.ERROR, nasty, nasty, Location(nasty, 1)),) * 500,
        changes=tuple(
            replace(change, name=nasty, campaign_id=nasty, schedule_id=nasty) for change in plan.changes * 100
        ),
    )
    assert_whole(plans_markdown([worst]))
    for count in (2, 15, 40):
        text = plans_markdown([worst] * count)
        assert_whole(text)
        assert text.count("\n### ") + counts_of_left_out(text.split("\n### ")[-1], "tenants") >= count


def test_a_row_of_a_table_stays_a_row_with_a_pipe_in_the_name(plan: Plan) -> None:
    tokens = assert_whole(plans_markdown([replace(plan, tenant=r"a\|b`|c"), replace(plan, tenant="d")]))
    rows = [index for index, token in enumerate(tokens) if token.type == "tr_open"]
    for row in rows:
        end = next(n for n in range(row, len(tokens)) if tokens[n].type == "tr_close")
        assert sum(token.type in ("td_open", "th_open") for token in tokens[row:end]) == 9
    assert r"a\\x7cb`\x7cc" in code_of(tokens)


@given(text=st.text())
def test_units_are_utf_16_units(text: str) -> None:
    assert units(text) == len(text.encode("utf-16-le", "surrogatepass")) // 2


@given(sizes=st.lists(st.integers(1, 300), max_size=40), limit=st.integers(NOTE_UNITS, 3000))
def test_every_item_is_shown_whole_or_counted(sizes: list[int], limit: int) -> None:
    items = ["x" * size for size in sizes]
    text = fill(items, str, limit, "things")
    assert units(text) <= limit
    lines = text.split("\n") if text else []
    note = re.fullmatch(r"- ([0-9]+) more not shown \(things\)", lines[-1]) if lines else None
    shown = lines[:-1] if note else lines
    assert len(shown) + (int(note[1]) if note else 0) == len(items)
    rest = iter(items)
    assert all(name in rest for name in shown), "in their order"


def test_all_are_shown_where_there_is_room() -> None:
    assert fill(["a", "b"], str.upper, 500, "things", separator="\n\n") == "A\n\nB"


def test_a_large_item_does_not_hide_the_small_ones_behind_it() -> None:
    assert fill(["x" * 900, "b"], str, 500, "things") == "b\n- 1 more not shown (things)"


def test_emoji_count_twice() -> None:
    assert fill(["🙂" * 100], str, 250, "things") == "- 1 more not shown (things)"
    assert fill(["x" * 100], str, 250, "things") == "x" * 100


def test_nobody_writes_ten_thousand_items_that_cannot_be_shown() -> None:
    written = []

    def write(each: int) -> str:
        written.append(each)
        return "x" * 400

    text = fill(range(10_000), write, 1000, "things")
    assert text.endswith("- 9998 more not shown (things)")
    assert len(written) < 50


def test_the_note_may_stand_apart() -> None:
    assert fill(["| a |", "x" * 900], str, 400, "rows", before_note="\n") == "| a |\n\n- 1 more not shown (rows)"
