"""Plans and findings as text: a line for everything, nothing invisible, the sum on the last line."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.findings import Finding, Location, Severity
from reconciler.model import Plan, Released, Unmanaged
from reconciler.model.results import Result
from reconciler.render import render_findings, render_plans, render_results
from reconciler.render.escape import visible
from reconciler.render.screen import Screen, Tone
from reconciler.render.text import findings_annotations, findings_text, plans_text
from reconciler.render.words import finding_line, plan_summary

ERROR = Finding(Severity.ERROR, "window-overlap", "two overlap", Location("schedules/a.yaml", 9, 7))


def nowhere(_: Location) -> str | None:
    """No file has that line."""
    return None


def lines(plan: Plan) -> list[str]:
    return plans_text([plan]).splitlines()


def test_a_change_is_said_in_words_of_the_week(plan: Plan) -> None:
    found = lines(plan)
    start = found.index('~ update  CAM_001  "Weekday calling"  schedules/cam_001.yaml:4:5')
    assert found[start + 1 : start + 3] == [
        "    conflict: somebody changed it in CXone since the last apply",
        "    Mon 09:00–17:00, 5,000 calls a day → 09:00–18:30, 4,000 calls a day (base: 17:30)",
    ]
    assert "    Sat 09:00–17:00, 5,000 calls a day → nothing  (+0.5 h a week)" in found
    assert not any("scheduleDetails" in line for line in found)


def test_verbose_adds_every_field_with_place_sides_and_who_asked(plan: Plan) -> None:
    found = plans_text([plan], Screen(verbose=True)).splitlines()
    assert (
        "      scheduleDetails[MONDAY 09:00:00].maxCallsPerDay: 5000 → 4000  [asked for by this revision]  "
        "schedules/cam_001.yaml:11:25"
    ) in found
    assert any(
        line.startswith("      scheduleDetails[MONDAY 09:00:00].endTime") and "[CONFLICT: " in line for line in found
    )
    assert "      blackout 12:00–13:00 LUNCH_BREAK" in found


def test_without_a_base_nobody_is_named(plan: Plan) -> None:
    update = plan.changes[0]
    bare = update._replace(origin=None, fields=tuple(field._replace(origin=None) for field in update.fields))
    found = lines(plan._replace(changes=(bare,), base=None))
    assert any(line.startswith('    name Weekday → "Weekday calling"') for line in found)
    assert not any("asked for" in line or "conflict" in line for line in found if line.startswith("    "))


def test_a_create_shows_the_week_that_would_be(plan: Plan) -> None:
    found = lines(plan)
    start = found.index('+ create  CAM_001  "Weekend"  schedules/cam_001.yaml:30:5')
    assert found[start + 1 : start + 6] == [
        "    comes back: deleted in CXone, perhaps to stop dialing",
        "    nothing → Sat, Sun 09:00–17:00, 5,000 calls a day",
        "    without 12:00–13:00 LUNCH_BREAK  (+14 h a week)",
        "            0     3     6     9     12    15    18    21",
        "    Sat, Sun",
    ]
    assert found[start + 6] == "            ··················++++++··++++++++··············"


@pytest.mark.parametrize("width", [40, 80])
def test_a_terminal_gets_its_last_lines_cut_between_words(plan: Plan, width: int) -> None:
    whole = lines(plan)
    cut = plans_text([plan], Screen(width=width, line_of=nowhere)).splitlines()
    start = next(number for number, line in enumerate(cut) if line.startswith("Would be refused"))
    assert max(map(len, cut[start:-1])) <= width
    assert " ".join(cut[start:]) == " ".join(whole[whole.index(cut[-1]) - 3 :])


def test_what_leaves_git_is_said_once(plan: Plan) -> None:
    gone = Released("CAM_001", "s", "Old", plan.changes[1].request.body)
    found = lines(plan._replace(released=(gone,), unmanaged=(Unmanaged("CAM_001", "s", "Old"),), findings=()))
    assert sum('"Old"' in line for line in found) == 1


def test_equal_changes_are_one_row(plan: Plan) -> None:
    create = plan.changes[1]
    creates = tuple(create._replace(schedule_id=f"s{n}", name=f"N {n}") for n in range(300))
    found = lines(plan._replace(changes=creates, findings=()))
    assert '+ create  300 schedules of CAM_001: "N 0", "N 1", "N 2", "N 3", "N 4" and 295 more' in found
    assert len(found) < 30


def test_a_narrow_screen_has_no_strip_and_an_ascii_one_no_other_signs(plan: Plan) -> None:
    assert "·" not in "".join(plans_text([plan], Screen(width=59)).splitlines()[:-2])
    ascii_only = plans_text([plan], Screen(unicode=False))
    assert ascii_only.isascii()
    assert "            ..................++++++..++++++++.............." in ascii_only.splitlines()


def test_why_it_would_be_refused_is_loud_and_the_summary_last(plan: Plan) -> None:
    found = lines(plan)
    why = found.index(
        'Would be refused: conflict in "Weekday calling"; 19 of 41 live schedules would be rewritten (limit 30 %).'
    )
    assert found[why + 1] == (
        "What to do: take what somebody set in CXone into git (`reconciler import --update`), raise the limit in tenant.yaml "
        "or apply by hand with a reason (--force REASON)."
    )
    assert "Safety: maxChanges 2 of at most 9." in found
    assert f"Digest: {plan.digest}" in found
    assert found[-1] == plan_summary([plan])


def test_nothing_to_do_is_said(empty_plan: Plan) -> None:
    assert lines(empty_plan)[-2:] == ["No changes.", plan_summary([empty_plan])]


def test_with_errors_nothing_is_said_to_be_unchanged(empty_plan: Plan) -> None:
    found = lines(empty_plan._replace(findings=(ERROR,), digest=None))
    assert "schedules/a.yaml:9:7: error: window-overlap: two overlap" in found
    assert "This plan cannot be applied: 1 window overlaps another." in found
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
    told = sum(line.startswith(("+ create", "~ update")) for line in found)
    assert bool(told) == bool(plan.changes)
    assert sum(line.startswith("  ? ") for line in found) == len(plan.unmanaged)


@given(findings=st.lists(st.from_type(Finding), max_size=4))
def test_findings_are_a_line_each_and_a_sum(findings: list[Finding]) -> None:
    found = findings_text(findings, 3, 5).split("\n")
    assert len(found) == len(findings) + 2
    assert found[:-2] == [visible(finding_line(finding)) for finding in findings]
    assert found[-2].startswith("3 files, 5 schedules: ")


def test_the_sum_of_findings() -> None:
    assert findings_text([ERROR], 1, 1) == (
        "schedules/a.yaml:9:7: error: window-overlap: two overlap\n1 file, 1 schedule: 1 error.\n"
    )


SGR = re.compile("\x1b\\[[0-9;]+m")


def test_a_tone_is_put_around_the_text_and_ends_with_it() -> None:
    assert Screen(color=True).paint("x", Tone.GRAVE) == "\x1b[1;31mx\x1b[0m"
    assert Screen().paint("x", Tone.GRAVE) == "x"


@given(plan=st.from_type(Plan), result=st.from_type(Result), framed=st.booleans(), verbose=st.booleans())
def test_color_adds_nothing_but_color(plan: Plan, result: Result, *, framed: bool, verbose: bool) -> None:
    line_of = (lambda location: location.file) if framed else None
    plain, color = (Screen(color=color, verbose=verbose, line_of=line_of) for color in (False, True))
    for one, other in (
        (render_plans([plan], "text", screen=plain), render_plans([plan], "text", screen=color)),
        (render_results([result], "text", screen=plain), render_results([result], "text", screen=color)),
        (
            render_findings(plan.findings, 1, 2, "text", screen=plain),
            render_findings(plan.findings, 1, 2, "text", screen=color),
        ),
    ):
        assert "\x1b" not in one
        assert "\x1b" in other
        assert SGR.sub("", other) == one
        assert [visible(line) for line in one.splitlines()] == one.removesuffix("\n").split("\n")


COMMAND = re.compile(
    r"::(error|warning|notice) (?:file=([^,:\r\n]*),line=([0-9]+),col=([0-9]+),)?title=([^,:\r\n]*)::([^\r\n]*)"
)


def test_an_annotation_names_file_line_column_and_code() -> None:
    found = Finding(Severity.ERROR, "window-overlap", "50% overlap", Location("a, b.yaml", 9, 7))
    assert findings_annotations([found], 1, 2) == (
        "::error file=a%2C b.yaml,line=9,col=7,title=window-overlap::50%25 overlap\n1 file, 2 schedules: 1 error.\n"
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
