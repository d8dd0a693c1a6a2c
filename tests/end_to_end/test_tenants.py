"""`tenants`: the names below PATH, for a person or for a pipeline's matrix."""

from __future__ import annotations

import json

import pytest

from tests.support.commands import Run, Write


def _tenant(name: str, variables: str = "") -> str:
    credentials = f"credentials: {{clientIdEnv: CXONE_{variables}_ID, clientSecretEnv: CXONE_{variables}_SECRET}}\n"
    base = "baseUri: https://api.usw2.niceincontact.com\n"
    return f"name: {json.dumps(name)}\n{base}{credentials if variables else ''}"


@pytest.fixture
def two(write: Write) -> None:
    """Two tenants, the later name in the earlier folder."""
    write(
        {
            "schedules/a/tenant.yaml": _tenant("west", "WEST"),
            "schedules/b/tenant.yaml": _tenant("east", "EAST"),
        }
    )


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize(
    ("arguments", "out"),
    [
        ((), "east\nwest\n"),
        (("--format", "json"), '["east", "west"]\n'),
        (("schedules/a",), "west\n"),
        (("--tenant", "east"), "east\n"),
        (("--tenant", "west", "--tenant", "east", "--format", "json"), '["east", "west"]\n'),
    ],
)
def test_the_names_are_sorted_one_a_line_or_a_json_array(reconciler: Run, arguments: tuple[str, ...], out: str) -> None:
    ended = reconciler("tenants", *arguments)
    assert (ended.code, ended.out, ended.err) == (0, out, "")


@pytest.mark.usefixtures("two")
def test_a_tenant_that_is_not_there_is_wrong_usage(reconciler: Run) -> None:
    ended = reconciler("tenants", "--tenant", "north")
    assert (ended.code, ended.out) == (64, "")
    assert "north" in ended.err


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize(("text", "code"), [(_tenant("west", "EAST"), "duplicate-tenant"), ("nam: east\n", "schema")])
def test_what_is_wrong_is_said_and_the_other_names_are_printed(
    reconciler: Run, write: Write, text: str, code: str
) -> None:
    write({"schedules/b/tenant.yaml": text})
    ended = reconciler("tenants", "--format", "json")
    assert (ended.code, ended.out) == (3, '["west"]\n')
    assert "schedules/b/tenant.yaml:1:" in ended.err
    assert f"error: {code}:" in ended.err


def test_a_folder_without_tenants_has_none(reconciler: Run, write: Write) -> None:
    write({"schedules/README.md": "nothing here\n"})
    assert reconciler("tenants", "--format", "json").out == "[]\n"
    ended = reconciler("tenants")
    assert (ended.code, ended.out, ended.err) == (0, "", "")
