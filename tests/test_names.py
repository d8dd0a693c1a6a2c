"""One public name, one meaning: a reader who finds a name knows which thing it is, and where it lives."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).parent.parent / "reconciler"

_SHARED_NAMES = {"command"}
"""Every module of `cli/` calls its command so; they are loaded by the name of the module."""

_OF_COMMANDS = ("cli", "pipeline")
"""Folders whose modules are named after the command that they serve, beside the folder of the stage."""

_SHARED_MODULES = {
    "entries": "lines of the journal in audit, entries of a campaign file in importing/edit",
    "lists": "lists that the tenant gives in cxone, lists that stand in a file in importing/edit",
    "run": "the order of an apply, the order of an import",
    "schedules": "the values in model, how they are built from files in desired",
    "webhooks": "which are missing is a question of the plan, how one is registered is apply's",
}
"""Module names that stand twice, where the folder says whose they are."""


def _modules() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        yield path.relative_to(PACKAGE).as_posix(), ast.parse(path.read_text("utf-8"))


def _public_names(module: ast.Module) -> Iterator[str]:
    for node in module.body:
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                yield name


def _repeated(places: dict[str, list[str]]) -> dict[str, list[str]]:
    return {name: paths for name, paths in places.items() if len(paths) > 1}


def test_a_public_name_is_defined_in_one_module() -> None:
    places: dict[str, list[str]] = defaultdict(list)
    for path, module in _modules():
        for name in set(_public_names(module)):
            if not name.startswith("_") and name not in _SHARED_NAMES:
                places[name].append(path)
    assert len(places) > 300
    assert _repeated(places) == {}


def test_a_module_name_stands_for_one_module() -> None:
    places: dict[str, list[str]] = defaultdict(list)
    for path, _ in _modules():
        *folders, file = path.removesuffix(".py").split("/")
        if folders[:1] not in ([folder] for folder in _OF_COMMANDS):
            places[folders[-1] if folders and file == "__init__" else file].append(path)
    assert _repeated(places).keys() == _SHARED_MODULES.keys()
