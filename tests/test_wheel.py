"""The built wheel by itself, as `pipx run` and `uvx` install it: in an environment of its own, far from the checkout."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from reconciler import __version__
from reconciler.cli import COMMANDS
from reconciler.schema_files import editor_copies

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout, built without a network."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def program(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program in a new environment, which finds the dependencies where the tests have theirs, but no checkout."""
    folder = tmp_path_factory.mktemp("bare")
    venv.create(folder, with_pip=False)
    bin_folder = folder / ("Scripts" if os.name == "nt" else "bin")
    (packages,) = (path for path in folder.rglob("site-packages") if path.is_dir())
    (packages / "dependencies.pth").write_text(f"{sysconfig.get_path('purelib')}\n", "utf-8")
    pip = [sys.executable, "-m", "pip", "--python", str(bin_folder / "python"), "install", "--no-deps", "--no-index"]
    subprocess.run([*pip, str(wheel)], check=True, capture_output=True)
    return bin_folder / "reconciler"


def _environment() -> dict[str, str]:
    """What no checkout and no credentials can be found by."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "CXONE_"))}


def _run(program: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(program), *arguments],
        cwd=folder,
        env=_environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_wheel_holds_the_package_with_its_data_and_nothing_of_the_checkout(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert {f"reconciler/schemas/{name}" for name in editor_copies()} < names
    files = {path.relative_to(ROOT).as_posix() for path in (ROOT / "reconciler").rglob("*") if path.is_file()}
    assert {name for name in files if "__pycache__" not in name} < names
    assert {name.partition("/")[0] for name in names} == {
        "reconciler",
        f"cxone_schedule_reconciler-{__version__}.dist-info",
    }


def test_the_program_is_that_of_the_wheel(program: Path, tmp_path: Path) -> None:
    where = "import reconciler; print(reconciler.__file__)"
    python = program.with_name("python")
    command, environment = [str(python), "-c", where], _environment()
    shown = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True).stdout
    assert Path(shown.strip()).is_relative_to(program.parent.parent)
    assert _run(program, tmp_path, "--version").stdout == f"reconciler, version {__version__}\n"


def test_from_an_empty_folder_to_an_empty_plan(program: Path, tmp_path: Path) -> None:
    options = ("--name", "acme", "--base-uri", "https://api.usw2.niceincontact.com", "--timezone", "America/Denver")
    for arguments, code in (
        (("plan", "--sandbox"), 3),
        (("init", *options), 0),
        (("validate",), 0),
        (("plan", "--sandbox", "--detailed-exitcode"), 2),
        (("plan", "--sandbox", "--format", "html"), 0),
        (("apply", "--sandbox", "--auto-approve"), 0),
        (("plan", "--sandbox", "--detailed-exitcode"), 0),
        (("import", "--sandbox", "--all"), 0),
        (("hours", "US-FL"), 0),
        (("explain", "recreated"), 0),
        (("audit", ".reconciler/audit.jsonl"), 0),
    ):
        ended = _run(program, tmp_path, *arguments)
        assert ended.returncode == code, (arguments, ended.stdout, ended.stderr)
        assert "Traceback" not in ended.stderr
    assert (tmp_path / "schemas" / "campaign.schema.json").read_bytes() == editor_copies()["campaign.schema.json"]


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_every_command_has_an_example(command: str, program: Path, tmp_path: Path) -> None:
    ended = _run(program, tmp_path, command, "--help")
    assert ended.returncode == 0
    assert re.search(rf"^  Examples?:\n(?:    .*\n)*    .*\breconciler {command}\b", ended.stdout, re.MULTILINE)
