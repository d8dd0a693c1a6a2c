"""The README keeps its promises: its help texts are current and its commands are the ones that exist.

`python tests/test_readme.py` writes the current help texts into the README.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from reconciler.cli import COMMANDS

README = Path(__file__).parent.parent / "README.md"
_HELP = re.compile(r"(?<=<!-- help -->\n).*?(?=<!-- end help -->)", re.DOTALL)


def current_help() -> str:
    """The help texts of the program and all its commands, as the README shows them."""
    return "\n".join(_block(arguments) for arguments in ((), *((name,) for name in COMMANDS)))


def _block(arguments: tuple[str, ...]) -> str:
    environment = {**os.environ, "COLUMNS": "100", "TERMINAL_WIDTH": "100"}
    shown = subprocess.run(
        [sys.executable, "-m", "reconciler", *arguments, "--help"],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
    )
    title = " ".join(("reconciler", *arguments))
    return f"### `{title}`\n\n```text\n{shown.stdout.rstrip()}\n```\n"


def test_help_texts_are_current() -> None:
    found = _HELP.search(README.read_text(encoding="utf-8"))
    assert found is not None
    assert found[0] == current_help(), "run: python tests/test_readme.py"


def test_the_commands_of_the_quick_start_are_marked() -> None:
    text = README.read_text(encoding="utf-8")
    for name in ("main", "tests"):
        block = re.search(rf"<!-- command: {name} -->\n```sh\n([^\n]+)\n```\n<!-- end -->", text)
        assert block is not None, name


if __name__ == "__main__":
    README.write_text(
        _HELP.sub(lambda _: current_help(), README.read_text(encoding="utf-8")), encoding="utf-8"
    )
