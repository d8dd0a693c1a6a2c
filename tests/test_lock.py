"""The lock files hold what pyproject.toml asks for, with hashes, on every supported Python and system."""

from __future__ import annotations

import itertools
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / ".github" / "requirements"
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
SYSTEMS = (("linux", "Linux", "posix"), ("darwin", "Darwin", "posix"), ("win32", "Windows", "nt"))
MACHINES = list(itertools.product(PYTHONS, SYSTEMS))

_ENTRY = re.compile(
    r"^(?P<name>[a-z0-9-]+)==(?P<version>\S+)(?: ; (?P<marker>[^\\\n]+?))?(?P<hashes>(?: \\\n    --hash=sha256:[0-9a-f]{64})+)$",
    re.MULTILINE,
)


def _extra(name: str) -> list[str]:
    """What an extra asks for, the extras that it names included."""
    asked: list[str] = []
    for text in PROJECT["project"]["optional-dependencies"][name]:
        requirement = Requirement(text)
        if requirement.name == PROJECT["project"]["name"]:
            asked += [inner for extra in sorted(requirement.extras) for inner in _extra(extra)]
        else:
            asked.append(text)
    return asked


_RUN = [
    *PROJECT["project"]["dependencies"],
    *PROJECT["dependency-groups"]["build"],
    *PROJECT["build-system"]["requires"],
]
ASKED = {"run.txt": _RUN, "dev.txt": [*_RUN, *_extra("dev")]}


def _locked(file: str, python: str, system: tuple[str, str, str]) -> dict[str, Version]:
    """The releases that pip takes from a lock file on one Python and system."""
    environment = {
        "python_version": python,
        "python_full_version": f"{python}.0",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
        **dict(zip(("sys_platform", "platform_system", "os_name"), system, strict=True)),
    }
    locked: dict[str, Version] = {}
    for entry in _ENTRY.finditer((FOLDER / file).read_text(encoding="utf-8")):
        if entry["marker"] is None or Marker(entry["marker"]).evaluate(environment):
            assert entry["name"] not in locked, f"two releases of {entry['name']} at once"
            locked[entry["name"]] = Version(entry["version"])
    return locked


@pytest.mark.parametrize("file", sorted(file.name for file in FOLDER.glob("*.txt")))
def test_every_line_is_a_pin_with_hashes_and_no_host_is_named(file: str) -> None:
    text = (FOLDER / file).read_text(encoding="utf-8")
    rest = [line for line in _ENTRY.sub("", text).splitlines() if line and not line.lstrip().startswith("#")]
    assert rest == []
    assert not re.search(r"://|--(?:extra-)?index-url|--find-links|--trusted-host", text)


@pytest.mark.parametrize("file", ASKED)
@pytest.mark.parametrize(("python", "system"), MACHINES)
def test_the_lock_satisfies_the_project(file: str, python: str, system: tuple[str, str, str]) -> None:
    locked = _locked(file, python, system)
    for text in ASKED[file]:
        requirement = Requirement(text)
        name = canonicalize_name(requirement.name)
        assert name in locked, f"{text} is not in {file}; run: bash .ci/lock"
        assert locked[name] in requirement.specifier, f"{text} is {locked[name]} in {file}; run: bash .ci/lock"


@pytest.mark.parametrize(("python", "system"), MACHINES)
def test_what_runs_is_what_was_tested(python: str, system: tuple[str, str, str]) -> None:
    assert _locked("run.txt", python, system).items() <= _locked("dev.txt", python, system).items()


def test_the_supported_pythons_are_those_of_the_project() -> None:
    names = [name.rpartition(" :: ")[2] for name in PROJECT["project"]["classifiers"] if "Python ::" in name]
    assert tuple(names) == PYTHONS
    assert PROJECT["project"]["requires-python"] == f">={PYTHONS[0]}"


@pytest.mark.parametrize("text", ASKED["dev.txt"])
def test_every_requirement_has_a_lower_bound(text: str) -> None:
    assert [specifier.operator for specifier in Requirement(text).specifier] == [">="]
