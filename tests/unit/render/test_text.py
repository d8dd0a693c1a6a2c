"""Plans and findings as text: a line for everything, nothing invisible, the sum on the last line."""

from __future__ import annotations

import re
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from reconciler.findings import Finding, Location, Severity
from reconciler.model import Action, Plan
from reconciler.model.results import Result
from reconciler.render import render_findings, render_plans, render_results
from reconciler.render.escape import visible
from reconciler.render.text import Tone, findings_annotations, findings_text, plans_text, style
from reconciler.render.words import finding_line, plan_summary

ERROR = Finding(Severity.ERROR, "window-overlap", "two overlap", Location("schedules/a.yaml", 9, 7))


def lines(plan: Plan) -> list[str]:
    return plans_text([plan]).splitlines()


def test_each_field_change_says_place_sides_and_who_asked(plan: Plan) -> None:
    found = lines(plan)
    assert '~ update  CAM_001  "Weekday calling"' in found
    assert (
        "    scheduleDetails[MONDAY 09:00:00].maxCallsPerDay: 5000 → 4000  [asked for by this revision]  "
        "schedules/cam_001.yaml:11:25"
    ) in found
    assert (
        "    scheduleDetails[SATURDAY 09:00:00]: 09:00–17:00, 5000/day, 800/hour, rate 1.2, 150/agent → (none)  "
        "[drift: would revert an edit made in the console]  schedules/cam_001.yaml:8:5"
    ) in found
    assert any(
        line.startswith("    scheduleDetails[MONDAY 09:00:00].endTime") and "[CONFLICT: " in line for line in found
    )


def test_without_a_base_nobody_is_named(plan: Plan) -> None:
    update = plan.changes[0]
    bare = replace(update, origin=None, fields=tuple(replace(field, origin=None) for field in update.fields))
    found = lines(replace(plan, changes=(bare,), base=None))
    assert '    name: Weekday → "Weekday calling"  schedules/cam_001.yaml:4:11' in found
    assert not any("asked for" in line or "drift: " in line for line in found)


def test_a_create_shows_the_week_that_would_be(plan: Plan) -> None:
    found = lines(plan)
    start = found.index('+ create  CAM_001  "Weekend"')
    assert found[start + 1 : start + 7] == [
        "    id 0fd0a6a6-52ab-5b0c-9c1e-3c6a0d2f8b11  schedules/cam_001.yaml:30:5",
        "    drift: was in git at the base and is gone from CXone; would bring back what somebody deleted",
        "    America/New_York",
        "    window SATURDAY and SUNDAY 09:00–17:00, 5000/day, 800/hour, rate 1.2, 150/agent",
        "    blackout 12:00–13:00 LUNCH_BREAK",
        "    regulatory pauses TCPA; compliance injection on; counted in the capacity projection",
    ]


def test_a_passed_limit_is_loud_and_the_summary_last(plan: Plan) -> None:
    found = lines(plan)
    assert any(line.startswith("Would be refused: maxChangedPercent 45.5 % > 30 %") for line in found)
    assert "Safety: maxChanges 2 of at most 9." in found
    assert f"Digest: {plan.digest}" in found
    assert found[-1] == plan_summary([plan])


def test_nothing_to_do_is_said(empty_plan: Plan) -> None:
    assert lines(empty_plan)[-2:] == ["No changes.", plan_summary([empty_plan])]


def test_with_errors_nothing_is_said_to_be_unchanged(empty_plan: Plan) -> None:
    found = lines(replace(empty_plan, findings=(ERROR,), digest=None))
    assert "schedules/a.yaml:9:7: error: window-overlap: two overlap" in found
    assert "This plan cannot be applied: it has 1 error." in found
    assert "Digest: none, because the plan has errors" in found
    assert "No changes." not in found


def test_several_tenants_have_a_block_each_and_one_line_over_all(plan: Plan, empty_plan: Plan) -> None:
    text = plans_text([plan, empty_plan])
    assert text.startswith(plans_text([plan]).rstrip("\n") + "\n\n" + plans_text([empty_plan]).rstrip("\n"))
    assert text.splitlines()[-1] == f"2 tenants. {plan_summary([plan, empty_plan])}"


@given(plan=st.from_type(Plan))
def test_hostile_text_stays_in_its_line(plan: Plan) -> None:
    text = plans_text([plan])
    found = text.splitlines()
    assert found == text.removesuffix("\n").split("\n"), "no other line break"
    assert [visible(line) for line in found] == found
    assert found[-1] == plan_summary([plan])
    for finding in plan.findings:
        assert visible(finding_line(finding, plan.tenant)) in found
    starts = [line[0] for line in found if line.startswith(("+ create", "~ update"))]
    assert starts == ["+" if change.action is Action.CREATE else "~" for change in plan.changes]
    assert sum(line.startswith("  ? ") for line in found) == len(plan.unmanaged)


@given(findings=st.lists(st.from_type(Finding), max_size=4))
def test_findings_are_a_line_each_and_a_sum(findings: list[Finding]) -> None:
    found = findings_text(findings, 3, 5).split("\n")
    assert len(found) == len(findings) + 2
    assert found[:-2] == [visible(finding_line(finding)) for finding in findings]
    assert found[-2].startswith("3 files, 5 schedules: ")


def test_the_sum_of_findings() -> None:
    assert findings_text([ERROR], 1, 1) == (
        "schedules/a.yaml:9:7: error: window-overlap: two overlap\n1 file, 1 schedule: 1 error, 0 warnings.\n"
    )


SGR = re.compile("\x1b\\[[0-9;]+m")


def test_a_tone_is_put_around_the_text_and_ends_with_it() -> None:
    assert style(True)("x", Tone.GRAVE) == "\x1b[1;31mx\x1b[0m"
    assert style(False)("x", Tone.GRAVE) == "x"


@given(plan=st.from_type(Plan), result=st.from_type(Result))
def test_color_adds_nothing_but_color(plan: Plan, result: Result) -> None:
    for plain, colored in (
        (render_plans([plan], "text"), render_plans([plan], "text", color=True)),
        (render_results([result], "text"), render_results([result], "text", color=True)),
        (
            render_findings(plan.findings, 1, 2, "text"),
            render_findings(plan.findings, 1, 2, "text", color=True),
        ),
    ):
        assert "\x1b" not in plain
        assert "\x1b" in colored
        assert SGR.sub("", colored) == plain


COMMAND = re.compile(
    r"::(error|warning|notice) (?:file=([^,:\r\n]*),line=([0-9]+),col=([0-9]+),)?title=([^,:\r\n]*)::([^\r\n]*)"
)


def test_an_annotation_names_file_line_column_and_code() -> None:
    found = Finding(Severity.ERROR, "window-overlap", "50% overlap", Location("a, b.yaml", 9, 7))
    assert findings_annotations([found], 1, 2) == (
        "::error file=a%2C b.yaml,line=9,col=7,title=window-overlap::50%25 overlap\n"
        "1 file, 2 schedules: 1 error, 0 warnings.\n"
    )


def test_a_finding_about_the_tenant_has_no_place() -> None:
    found = Finding(Severity.WARNING, "released", "gone")
    assert findings_annotations([found], 1, 1).startswith("::warning title=released::gone\n")


@given(findings=st.lists(st.from_type(Finding), max_size=4))
def test_every_finding_is_exactly_one_command(findings: list[Finding]) -> None:
    text = findings_annotations(findings, 1, 1)
    lines = text.splitlines()
    assert len(lines) == len(findings) + 1
    assert "##[" not in text
    assert not lines[-1].startswith("::")
    for line, finding in zip(lines, findings, strict=False):
        match = COMMAND.fullmatch(line)
        assert match is not None
        assert match[1] == finding.severity.value
        assert match[3] == (str(finding.location.line) if finding.location is not None else None)
