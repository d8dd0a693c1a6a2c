"""`init`: from an empty folder to a plan, and never over what is there."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from reconciler.schema_files import EDITOR_SCHEMAS, editor_copies
from tests.support.commands import Run, Write
from tests.support.terminal import CTRL_C, Terminal

OPTIONS = ("--name", "acme", "--base-uri", "https://api.usw2.niceincontact.com", "--timezone", "America/Chicago")
SCHEMAS = tuple(f"schemas/{kind}.schema.json" for kind in EDITOR_SCHEMAS)


def _texts(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file() and ".git" not in path.parts)
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in files}


def _schema_named_in(path: Path) -> Path:
    first = path.read_text("utf-8").splitlines()[0]
    assert first.startswith("# yaml-language-server: $schema=")
    return path.parent / first.partition("=")[2]


def test_from_an_empty_folder_to_an_applied_plan(reconciler: Run) -> None:
    assert reconciler("plan", "--sandbox").code == 3
    ended = reconciler("init", *OPTIONS)
    assert ended.code == 0
    assert ended.out.split() == [
        word for name in ("schedules/tenant.yaml", "schedules/cam_001.yaml", *SCHEMAS) for word in ("created", name)
    ]
    checked = json.loads(reconciler("validate", "--format", "json").out)
    assert (checked["summary"]["errors"], checked["summary"]["warnings"]) == (0, 0)
    assert reconciler("plan", "--sandbox", "--detailed-exitcode").code == 2
    assert reconciler("apply", "--sandbox", "--auto-approve").code == 0
    assert reconciler("plan", "--sandbox", "--detailed-exitcode").code == 0
    assert reconciler("import", "--sandbox", "--all").code == 0


@pytest.mark.parametrize("zone", ["America/New_York", "America/Phoenix", "America/St_Johns", "Europe/London", "UTC"])
def test_the_first_schedule_is_legal_in_any_zone(zone: str, reconciler: Run) -> None:
    assert reconciler("init", *OPTIONS[:-1], zone).code == 0
    assert reconciler("validate").code == 0


@pytest.mark.parametrize(
    ("path", "schemas"), [("schedules", "schemas"), (".", "schemas"), ("ops/dialer/acme", "schemas")]
)
def test_editors_find_the_schemas_from_every_file(path: str, schemas: str, tmp_path: Path, reconciler: Run) -> None:
    assert reconciler("init", path, *OPTIONS).code == 0
    for name, kind in (("tenant", "tenant"), ("cam_001", "campaign")):
        schema = _schema_named_in(tmp_path / path / f"{name}.yaml")
        assert schema.resolve() == tmp_path / schemas / f"{kind}.schema.json"
        assert schema.read_bytes() == editor_copies()[f"{kind}.schema.json"]


def test_from_a_folder_of_a_repository_the_schemas_lie_in_that_folder(
    tmp_path: Path, git: Callable[..., str], monkeypatch: pytest.MonkeyPatch, reconciler: Run
) -> None:
    (tmp_path / "ops").mkdir()
    monkeypatch.chdir(tmp_path / "ops")
    assert reconciler("init", *OPTIONS).code == 0
    assert _schema_named_in(tmp_path / "ops/schedules/cam_001.yaml").resolve() == (
        tmp_path / "ops/schemas/campaign.schema.json"
    )
    monkeypatch.chdir(tmp_path)
    assert reconciler("init", "more", *OPTIONS).code == 0
    assert _schema_named_in(tmp_path / "more/tenant.yaml").resolve() == tmp_path / "schemas/tenant.schema.json"
    assert git("status", "--porcelain") != ""


def test_an_import_finds_the_schemas_that_init_has_placed(reconciler: Run, tmp_path: Path) -> None:
    reconciler("init", *OPTIONS)
    reconciler("apply", "--sandbox", "--auto-approve")
    (tmp_path / "schedules/cam_001.yaml").unlink()
    ended = reconciler("import", "--sandbox", "--all")
    assert ended.code == 0
    schema = _schema_named_in(tmp_path / "schedules/cam_001.yaml")
    assert schema.read_bytes() == editor_copies()["campaign.schema.json"]


def test_an_import_without_schemas_says_where_they_come_from(reconciler: Run, tmp_path: Path) -> None:
    reconciler("init", *OPTIONS)
    reconciler("apply", "--sandbox", "--auto-approve")
    (tmp_path / "schedules/cam_001.yaml").unlink()
    (tmp_path / "schemas/campaign.schema.json").unlink()
    assert "init --schemas" in reconciler("import", "--sandbox", "--all").err
    assert (tmp_path / "schedules/cam_001.yaml").read_text("utf-8").startswith("campaignId")


def test_nothing_is_overwritten(reconciler: Run, write: Write, tmp_path: Path) -> None:
    there = {
        "schedules/tenant.yaml": "name: mine\nbaseUri: https://api.niceincontact.com\n",
        "schedules/cam_001.yaml": "campaignId: [\n",
        "schemas/tenant.schema.json": "{}",
    }
    write(there)
    ended = reconciler("init", *OPTIONS)
    assert ended.code == 0
    assert "kept  schedules/tenant.yaml\n" in ended.out
    assert "init --schemas" in ended.err
    texts = _texts(tmp_path)
    assert {name: texts[name] for name in there} == there
    assert set(texts) == {*there, *SCHEMAS}


def test_a_folder_with_campaigns_gets_the_tenant_only(reconciler: Run, write: Write, tmp_path: Path) -> None:
    write({"schedules/deep/old.yml": "campaignId: CAM_9\n"})
    assert reconciler("init", *OPTIONS).code == 0
    assert set(_texts(tmp_path)) == {"schedules/deep/old.yml", "schedules/tenant.yaml", *SCHEMAS}


def test_a_second_time_changes_nothing(reconciler: Run, tmp_path: Path) -> None:
    reconciler("init", *OPTIONS)
    before = _texts(tmp_path)
    ended = reconciler("init")
    assert ended.code == 0
    assert ended.out.splitlines() == [f"kept  {name}" for name in ("schedules/tenant.yaml", *SCHEMAS)]
    assert _texts(tmp_path) == before


def test_the_schemas_of_another_release_are_brought_up_to_date(reconciler: Run, write: Write, tmp_path: Path) -> None:
    reconciler("init", *OPTIONS)
    write({"schemas/campaign.schema.json": "{}"})
    (tmp_path / "schemas/tenant.schema.json").unlink()
    before = _texts(tmp_path / "schedules")
    ended = reconciler("init", "--schemas")
    assert ended.code == 0
    actions = ("created", "kept", "updated", "kept")
    assert ended.out.splitlines() == [f"{action}  {name}" for action, name in zip(actions, SCHEMAS, strict=True)]
    assert {path.name: path.read_bytes() for path in (tmp_path / "schemas").iterdir()} == editor_copies()
    assert _texts(tmp_path / "schedules") == before


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "init needs --name and --base-uri where it cannot ask"),
        (("--name", "acme"), "init needs --base-uri where it cannot ask"),
        (("--name", "a/b", *OPTIONS[2:]), "'a/b' cannot be a tenant's name"),
        ((*OPTIONS[:2], "--base-uri", "https://example.com"), "'example.com' is not a CXone host"),
        ((*OPTIONS[:2], "--base-uri", "http://api.niceincontact.com"), "plain http"),
        ((*OPTIONS[:-1], "Chicago"), "Did you mean America/Chicago?"),
    ],
)
def test_what_is_missing_or_wrong_writes_nothing(
    arguments: tuple[str, ...], words: str, reconciler: Run, tmp_path: Path
) -> None:
    ended = reconciler("init", *arguments)
    assert ended.code == 64
    assert words in ended.err
    assert _texts(tmp_path) == {}


def test_the_base_uri_of_the_environment_counts(reconciler: Run, tmp_path: Path) -> None:
    uri = "https://api-eu1.niceincontact.com"
    assert reconciler("init", "--name", "acme", CXONE_BASE_URI=f"{uri}/").code == 0
    assert f'baseUri: "{uri}"\n' in (tmp_path / "schedules/tenant.yaml").read_text("utf-8")


@pytest.mark.parametrize("path", ["schedules", "schedules/acme/east"])
def test_a_tenant_above_or_below_is_not_shadowed(path: str, reconciler: Run, write: Write, tmp_path: Path) -> None:
    write({"schedules/acme/tenant.yaml": "name: a\nbaseUri: https://api.niceincontact.com\n"})
    ended = reconciler("init", path, *OPTIONS)
    assert ended.code == 64
    assert "schedules/acme/tenant.yaml is a tenant already" in ended.err
    assert list(_texts(tmp_path)) == ["schedules/acme/tenant.yaml"]


def test_tenants_lie_side_by_side(reconciler: Run) -> None:
    assert reconciler("init", "schedules/east", *OPTIONS).code == 0
    other = ("--name", "west", "--base-uri", "https://api-eu1.niceincontact.com")
    assert reconciler("init", "schedules/west", *other).code == 0
    assert reconciler("tenants").out.split() == ["acme", "west"]
    assert reconciler("validate").code == 0


def test_a_file_is_no_folder(reconciler: Run, write: Write) -> None:
    write({"schedules": ""})
    ended = reconciler("init", *OPTIONS)
    assert ended.code == 64
    assert "'schedules' is not a folder" in ended.err


def test_a_folder_that_cannot_be_made_is_said(reconciler: Run, write: Write) -> None:
    write({"file": ""})
    ended = reconciler("init", "file/below", *OPTIONS)
    assert ended.code == 1
    assert "cannot be written" in ended.err


def test_on_a_terminal_it_asks_and_asks_again(tmp_path: Path) -> None:
    with Terminal(tmp_path, "init", env={"TZ": "America/Denver"}) as terminal:
        for question, answer in (
            ("Name of the tenant", "a/b"),
            ("cannot be a tenant's name", "north"),
            ("Base URI of its API [https://api.usw2.niceincontact.com]", ""),
            ("Time zone of the first schedule [America/Denver]", "Boise"),
            ("Did you mean America/Boise?", "America/Boise"),
        ):
            terminal.read_until(question)
            terminal.type(f"{answer}\n")
        assert terminal.end() == 0
    texts = _texts(tmp_path / "schedules")
    assert 'name: north\nbaseUri: "https://api.usw2.niceincontact.com"\n' in texts["tenant.yaml"]
    assert "timezone: America/Boise\n" in texts["cam_001.yaml"]


def test_on_a_terminal_only_what_is_missing_is_asked_and_ctrl_c_writes_nothing(tmp_path: Path) -> None:
    with Terminal(tmp_path, "init", *OPTIONS[:4], env={}) as terminal:
        terminal.read_until("Time zone of the first schedule")
        assert "Name of" not in terminal.shown
        terminal.press(CTRL_C, until="interrupted")
        assert terminal.end() == 1
    assert _texts(tmp_path) == {}
