"""The map of the package, `reconciler/README.md`, is true: every module, path and test that it names is there.

`python -m tests.test_map` writes the line of each folder and module, which is the first sentence of its docstring.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "reconciler"
MAP = PACKAGE / "README.md"
_MODULES = re.compile(r"(?<=<!-- modules -->\n).*?(?=<!-- end modules -->)", re.DOTALL)
_PATH = re.compile(r"`((?:[\w.]+/)*[\w.]+\.(?:py|yaml|json|md)|(?:[\w.]+/)+)`")
_TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


def modules_section() -> str:
    """The ground first, then each folder: a line with its first sentence, and a row for each of its modules."""
    folders = sorted({path.parent for path in PACKAGE.rglob("*.py")})
    return "\n".join("\n".join(_folder(folder)) + "\n" for folder in folders)


def _folder(folder: Path) -> Iterator[str]:
    name = folder.relative_to(PACKAGE).as_posix()
    title = "the package itself" if name == "." else f"`{name}/`"
    yield f"### {title}\n\n{_first_sentence(folder / '__init__.py')}\n"
    rows = [path for path in sorted(folder.glob("*.py")) if path.name != "__init__.py"]
    if rows:
        yield "| module | holds |\n| --- | --- |"
        yield from (f"| `{path.name}` | {_first_sentence(path)} |" for path in rows)


def _first_sentence(module: Path) -> str:
    docstring = ast.get_docstring(ast.parse(module.read_text("utf-8"))) or ""
    first = " ".join(docstring.split("\n\n")[0].split())
    return re.split(r"(?<=[.]) (?=[A-Z`])", first)[0].replace("|", r"\|")


def test_the_line_of_each_module_is_the_first_of_its_docstring() -> None:
    section = _MODULES.search(MAP.read_text("utf-8"))
    assert section is not None
    assert section[0] == modules_section(), "run: python -m tests.test_map"


def test_every_module_says_what_it_holds() -> None:
    for module in PACKAGE.rglob("*.py"):
        assert len(_first_sentence(module)) > 20, module


def test_every_path_is_there() -> None:
    paths = _PATH.findall(_MODULES.sub("", MAP.read_text("utf-8")))
    assert [
        path
        for path in paths
        if path != "tenant.yaml" and not any((folder / path).exists() for folder in (ROOT, PACKAGE))
    ] == []


def test_every_guarantee_has_its_test() -> None:
    tests = _TEST.findall(MAP.read_text("utf-8"))
    assert len(tests) > 20
    for path, name in tests:
        functions = [
            node.name
            for node in ast.walk(ast.parse((ROOT / path).read_text("utf-8")))
            if isinstance(node, ast.FunctionDef)
        ]
        assert name in functions, f"{path} has no {name}"


if __name__ == "__main__":
    MAP.write_text(_MODULES.sub(lambda _: modules_section(), MAP.read_text("utf-8")), "utf-8")
