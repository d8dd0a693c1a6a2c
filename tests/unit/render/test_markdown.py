"""Markdown: bounded for any number of plans, whole, and other people's text is neither markup nor linked."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it.token import Token

from reconciler.findings import Finding, Location, Severity
from reconciler.model import Action, Change, FieldChange, Origin, Plan, Released, Unmanaged
from reconciler.model.closed import ClosedDay
from reconciler.render.comment_size import NOTE_UNITS, fill, units
from reconciler.render.markdown import plans_markdown
from tests.support.markdown import assert_whole


def text_of(tokens: list[Token]) -> str:
    """What a reader sees."""
    return "".join(token.content for token in tokens if token.type in ("text", "code_inline"))


@given(plans=st.lists(st.from_type(Plan), max_size=4))
def test_hostile_text_breaks_out_of_nothing(plans: list[Plan]) -> None:
    assert_whole(plans_markdown(plans, head="0123456789abcdef", read_at=datetime(2026, 11, 24, 18, 31, tzinfo=UTC)))


@given(plan=st.from_type(Plan))
def test_every_change_stands_in_the_table(plan: Plan) -> None:
    text = plans_markdown([plan])
    rows = sum(line.startswith("| ") for line in text.split("\n"))
    refused = any(not check.passed for check in plan.safety) or any(not refusal.liftable for refusal in plan.refusals)
    assert (rows > 1) == bool(plan.changes or plan.released or refused)


def test_whether_it_may_be_merged_comes_first_and_then_the_gravest(plan: Plan) -> None:
    text = plans_markdown([plan], head="c60fefd0123", read_at=datetime(2026, 11, 4, 8, 1, tzinfo=UTC))
    assert text.startswith(
        "## 🛑 acme: this merge would be refused\n\n**2 blockers · 1 schedule changes that this pull request did not ask for"
    )
    assert "read 4 Nov 08:01 UTC at head `c60fefd`" in text
    order = ["conflict: ", "safety limit", "comes back: ", "Every field", "Digest"]
    assert [text.index(part) for part in order] == sorted(text.index(part) for part in order)
    assert (
        "| 🛑 **Weekday calling** `CAM_001`<br>conflict: somebody changed it in CXone since the last apply | " in text
    )
    assert (
        "| ⚠️ **Weekend** `CAM_001`<br>comes back: deleted in CXone, perhaps to stop dialing | nothing → Sat, Sun 09:00–17:00, 5,000 calls a day"
        in text
    )


def test_windows_are_said_in_words_and_fields_below(plan: Plan) -> None:
    text = plans_markdown([plan])
    assert "Mon 09:00–17:00, 5,000 calls a day → **09:00–18:30, 4,000 calls a day**" in text
    assert "Sat 09:00–17:00, 5,000 calls a day → **nothing**" in text
    assert text.index("scheduleDetails[") > text.index("<summary>Every field</summary>")
    assert (
        "- `scheduleDetails[MONDAY 09:00:00].maxCallsPerDay`: `5000` → `4000` — asked for by this revision "
        "(`schedules/cam_001.yaml:11:25`)\n"
    ) in text


def test_what_leaves_git_goes_on_dialing_with_its_hours(plan: Plan) -> None:
    body = plan.changes[1].request.body
    leaving = plan._replace(changes=(), safety=(), webhooks=(), released=(Released("CAM_001", "s", "Old", body),))
    text = plans_markdown([leaving._replace(unmanaged=(Unmanaged("CAM_001", "s", "Old"),))])
    assert "**1 schedule leaves git**" in text
    assert "leaves git: stop it in the console | Sat, Sun 09:00–17:00, 5,000 calls a day **goes on dialing** |" in text
    assert "does not name" not in text
    other = plans_markdown([leaving._replace(unmanaged=(Unmanaged("CAM_001", "other", "Other"),))])
    assert "<summary>1 schedule in CXone that git does not name</summary>" in other


def test_the_week_before_and_after_has_its_hours(plan: Plan) -> None:
    lines = plans_markdown([plan]).splitlines()
    scale = lines[lines.index("```diff") + 1]
    monday = next(line for line in lines if line.startswith("-Mon"))
    assert (scale.index("6"), scale.index("12"), scale.index("18")) == (4 + 6, 4 + 12, 4 + 18)
    assert monday[4 + 9] == "█"


def test_the_closures_of_the_next_weeks_are_folded_and_equal_ones_are_one_line(plan: Plan) -> None:
    whole, afternoon = ((0, 86_400),), ((43_200, 86_400),)
    days = [ClosedDay(f"2026-12-{day}", whole, ("winter break",), 4, 36) for day in range(28, 32)]
    text = plans_markdown([plan._replace(closures=(ClosedDay("2026-12-24", afternoon, ("half @day",), 1, 5.5), *days))])
    assert (
        "<details><summary>Closed in the next four weeks on Thu 24 Dec, Mon 28 Dec, Tue 29 Dec, Wed 30 Dec and 1 more</summary>\n\n"
        "- 2026-12-24 12:00–24:00: half `@day` (1 schedule, 5.5 h)\n"
        "- 2026-12-28, 2026-12-29, 2026-12-30, 2026-12-31: winter break (4 schedules, 36 h each day)\n\n"
        "</details>"
    ) in text
    assert "Closed in" not in plans_markdown([plan])


def test_what_the_date_changes_is_said_as_that_and_not_as_unasked_for(plan: Plan) -> None:
    dated = tuple(change._replace(origin=Origin.CALENDAR) for change in plan.changes)
    calm = plan._replace(safety=(), refusals=(), findings=(), changes=dated)
    assert "**2 by the calendar · " in plans_markdown([calm])
    assert "did not ask for" not in plans_markdown([calm])
    asked = calm._replace(changes=(dated[0], dated[1]._replace(origin=Origin.CHANGE)))
    assert "**1 by the calendar · 1 asked for · " in plans_markdown([asked])


def test_nothing_to_do_is_one_line(plan: Plan, empty_plan: Plan) -> None:
    assert plans_markdown([empty_plan]) == "No change in `quiet`\n"
    assert plans_markdown([empty_plan, plan]).endswith("No change in `quiet`\n")
    assert plans_markdown([empty_plan], links=[("run", "https://e.example")]).endswith("[run](https://e.example)\n")
    error = Finding(Severity.ERROR, "campaign-unreadable", "x")
    assert "1 campaign could not be read in CXone" in plans_markdown([empty_plan._replace(findings=(error,))])


def counts_of_left_out(text: str, noun: str) -> int:
    return sum(int(count) for count in re.findall(rf"([0-9]+) more not shown \({noun}\)", text))


def many_creates(plan: Plan, count: int, name: str) -> Plan:
    create = plan.changes[1]
    creates = (create._replace(schedule_id=f"s{n}", name=name.format(n)) for n in range(count))
    return plan._replace(changes=tuple(creates), safety=(), findings=())


def test_equal_changes_are_one_line_with_their_names_folded(plan: Plan) -> None:
    text = plans_markdown([many_creates(plan, 300, "Name {} 🙂")])
    assert_whole(text)
    assert "| ⚠️ **300 schedules** `CAM_001`<br>comes back" in text
    assert text.index("Name 299 🙂") > text.index("<summary>Schedules of each line</summary>")
    shown = re.sub(r"<details>.*?</details>", "", text, flags=re.DOTALL)
    assert len(shown.splitlines()) < 20


def distinct(plan: Plan, count: int) -> Plan:
    create = plan.changes[1]
    creates = []
    for n in range(count):
        body = {
            **create.request.body,
            "scheduleDetails": [{**create.request.body["scheduleDetails"][0], "maxCallsPerDay": n}],
        }
        creates.append(
            create._replace(schedule_id=f"s{n}", name=f"Name {n}", request=create.request._replace(body=body))
        )
    return plan._replace(changes=tuple(creates), safety=(), findings=())


@pytest.mark.parametrize("count", [10, 50, 10_000])
def test_changes_are_shown_whole_or_counted(plan: Plan, count: int) -> None:
    text = plans_markdown([distinct(plan, count)])
    assert_whole(text)
    rows = sum(line.startswith("| ⚠️") for line in text.split("\n"))
    assert rows + counts_of_left_out(text, "lines") == count
    shown = re.sub(r"<details>.*?</details>", "", text, flags=re.DOTALL)
    assert sum(line.startswith("| ⚠️") for line in shown.split("\n")) <= 20


def test_errors_say_what_they_mean_and_do_not_crowd_out_the_changes(plan: Plan) -> None:
    overlaps = tuple(
        Finding(Severity.ERROR, "window-overlap", f'"S {n}" of CAM_001: too late.', Location("a.yaml", n + 1))
        for n in range(5000)
    )
    illegal = Finding(Severity.ERROR, "outside-calling-hours", '"S" of CAM_001: too late.', Location("a.yaml", 1))
    text = plans_markdown([plan._replace(findings=(*overlaps, illegal, illegal))])
    assert_whole(text)
    assert text.startswith("## 🛑 acme: 5,000 windows overlap others; 2 windows would call at an illegal hour\n")
    assert "**5,000 errors** `window-overlap` **S 0** and S 1, S 2, S 3 and 4996 more" in text
    assert "**Weekday calling**" in text


def test_what_was_there_before_is_folded_with_its_number(plan: Plan) -> None:
    old = tuple(
        Finding(Severity.WARNING, "calls-never-reached", f'"S {n}" of C: never.', Location("a.yaml", n), new=False)
        for n in range(1, 118)
    )
    fresh = Finding(Severity.WARNING, "pause-not-listed", '"S" of C: not.', Location("a.yaml", 1), new=True)
    text = plans_markdown([plan._replace(findings=(*old, fresh))])
    folded = text.index("<summary>117 findings that were there before</summary>")
    assert text.index("- ⚠️ new `pause-not-listed` **S**") < folded < text.index("calls-never-reached")


def test_a_change_of_a_thousand_fields_is_bounded_and_hides_nothing_else(plan: Plan) -> None:
    fields = tuple(FieldChange("x" * 900, "y" * 900, "`" * 900, Origin.CONFLICT) for _ in range(1000))
    huge = plan.changes[0]._replace(fields=fields)
    text = plans_markdown([plan._replace(changes=(huge, plan.changes[1]))])
    assert_whole(text)
    assert "**Weekend**" in text


@pytest.mark.parametrize("count", [2, 30, 31, 200, 3000])
def test_many_tenants_are_shown_as_far_as_they_fit(plan: Plan, count: int) -> None:
    text = plans_markdown([plan._replace(tenant=f"tenant {n}") for n in range(count)])
    assert_whole(text)
    sections = text.count("## 🛑 tenant ")
    assert sections + counts_of_left_out(text, "tenants") == count
    assert sections >= min(count, 20)


def test_the_largest_texts_of_many_hostile_tenants_stay_within(plan: Plan) -> None:
    nasty = "`🙂" * 40_000
    worst = plan._replace(
        tenant=nasty,
        base_uri=nasty,
        as_of=nasty,
        revision=nasty,
        base=nasty,
        digest=nasty,
        safety=tuple(check._replace(limit=nasty) for check in plan.safety * 20),
        unmanaged=(Unmanaged(nasty, nasty, nasty),) * 100,
        findings=(Finding(Severity.ERROR, nasty, nasty, Location(nasty, 1)),) * 100,
        changes=tuple(
            change._replace(name=nasty, campaign_id=nasty, schedule_id=nasty) for change in plan.changes * 20
        ),
    )
    assert_whole(plans_markdown([worst]))
    for count in (2, 15, 40):
        assert_whole(plans_markdown([worst] * count))


def test_a_row_of_the_table_stays_a_row_with_a_pipe_in_the_name(plan: Plan) -> None:
    changes: list[Change] = [change._replace(name=r"a\|b`|c", campaign_id="|") for change in plan.changes]
    tokens = assert_whole(plans_markdown([plan._replace(changes=tuple(changes))]))
    assert r"a\|b`|c" in text_of(tokens)


def test_an_update_and_a_create_have_their_marks(plan: Plan) -> None:
    changes = tuple(change._replace(origin=None, fields=()) for change in plan.changes)
    text = plans_markdown([plan._replace(changes=changes, safety=(), findings=())])
    assert text.startswith("## ✏️ acme: 2 schedules would change\n\n**dialing ")
    assert [line.split(" ")[1] for line in text.split("\n") if line.startswith("| ")][1:] == ["✏️", "➕"]
    assert [change.action for change in changes] == [Action.UPDATE, Action.CREATE]


@given(text=st.text())
def test_units_are_utf_16_units(text: str) -> None:
    assert units(text) == len(text.encode("utf-16-le", "surrogatepass")) // 2


@given(sizes=st.lists(st.integers(1, 300), max_size=40), limit=st.integers(NOTE_UNITS, 3000))
def test_every_item_is_shown_whole_or_counted(sizes: list[int], limit: int) -> None:
    items = ["x" * size for size in sizes]
    text = fill(items, lambda each: each, limit, "things")
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
