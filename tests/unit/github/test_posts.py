"""Posts are found again, fit, and are never mistaken for somebody else's."""

from __future__ import annotations

import pytest

from reconciler.github import GitHub as Client
from reconciler.github.posts import POST_LIMIT, fitting, marker, put_comment
from reconciler.render.comment_size import LIMIT, units
from tests.support.github import GitHub

MARK = marker("plan")


def _bodies(github: GitHub) -> list[str]:
    return [comment["body"] for comment in github.comments[7]]


def test_the_own_comment_is_found_on_any_page(github: GitHub, client: Client) -> None:
    person = {"user": {"login": "ann", "type": "User"}, "body": "Looks good"}
    github.comments[7] = [{"id": number, **person} for number in range(150)]

    put_comment(client, 7, MARK, f"{MARK}\nfirst")
    put_comment(client, 7, MARK, f"{MARK}\nsecond")

    assert len(github.comments[7]) == 151
    assert _bodies(github)[-1] == f"{MARK}\nsecond"


def test_a_persons_copy_of_the_comment_is_left_alone(github: GitHub, client: Client) -> None:
    github.comments[7] = [{"id": 1, "user": {"login": "mallory", "type": "User"}, "body": f"{MARK}\nforged"}]

    put_comment(client, 7, MARK, f"{MARK}\nown")

    assert _bodies(github) == [f"{MARK}\nforged", f"{MARK}\nown"]


def test_of_several_own_comments_one_is_left(github: GitHub, client: Client) -> None:
    bot = {"user": {"login": "github-actions[bot]", "type": "Bot"}, "body": f"{MARK}\nold"}
    github.comments[7] = [{"id": number, **bot} for number in (1, 2, 3)]

    put_comment(client, 7, MARK, f"{MARK}\nnew")

    assert [(comment["id"], comment["body"]) for comment in github.comments[7]] == [(1, f"{MARK}\nnew")]


@pytest.mark.parametrize("name", ["-->", "a --> @team <img src=x>", "`", "acme -->\n# x"])
def test_a_name_cannot_leave_the_marker(name: str) -> None:
    assert marker("apply", name).count("-->") == 1
    assert "\n" not in marker("apply", name)


def test_kinds_and_tenants_have_markers_of_their_own() -> None:
    marks = [marker("plan"), marker("apply", "acme"), marker("apply", "acme2"), marker("drift", "acme")]

    assert not [one for one in marks for other in marks if one != other and one.startswith(other)]


def test_a_full_plan_fits_with_what_stands_around_it() -> None:
    text = fitting(MARK, "x" * LIMIT, "y" * 200)

    assert "x" * LIMIT in text
    assert units(text) <= POST_LIMIT


def test_a_long_report_keeps_its_last_lines() -> None:
    lines = [f"    {number:05} 😀" for number in range(9_000)]

    text = fitting(MARK, "\n".join(lines), "after")

    shown = [line for line in text.splitlines() if line.startswith("    ")]
    assert shown == lines[-len(shown) :]
    assert f"{9_000 - len(shown)} lines before these are not shown" in text
    assert POST_LIMIT - 200 < units(text) <= POST_LIMIT


def test_a_report_that_cannot_be_cut_is_left_out_whole() -> None:
    text = fitting(MARK, "<details>\n" + "x\n" * POST_LIMIT + "</details>", "after")

    assert "<details>" not in text
    assert "in the summary of the run" in text
