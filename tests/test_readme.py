"""The README keeps its promises: its help texts and its table of findings are current, its commands exist.

`python -m tests.test_readme` writes the current help texts and the table into the README.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from reconciler.cli import COMMANDS
from reconciler.findings import all_codes

README = Path(__file__).parent.parent / "README.md"
_HELP = re.compile(r"(?<=<!-- help -->\n).*?(?=<!-- end help -->)", re.DOTALL)
_CODES = re.compile(r"(?<=<!-- codes -->\n).*?(?=<!-- end codes -->)", re.DOTALL)


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


def codes_table() -> str:
    """All codes of findings as a table; a star marks a severity that a tenant may set."""
    rows = [
        f"| `{code}` | {entry.severity}{'*' if entry.adjustable else ''} | {entry.meaning} |\n"
        for code, entry in all_codes().items()
    ]
    return "| code | severity | meaning |\n| --- | --- | --- |\n" + "".join(rows)


def test_help_texts_are_current() -> None:
    help_texts = _HELP.search(README.read_text(encoding="utf-8"))
    assert help_texts is not None
    assert help_texts[0] == current_help(), "run: python -m tests.test_readme"


def test_the_table_of_findings_is_current() -> None:
    table = _CODES.search(README.read_text(encoding="utf-8"))
    assert table is not None
    assert table[0] == codes_table(), "run: python -m tests.test_readme"


def test_the_commands_of_the_quick_start_are_marked() -> None:
    text = README.read_text(encoding="utf-8")
    for name in ("main", "tests"):
        block = re.search(rf"<!-- command: {name} -->\n```sh\n([^\n]+)\n```\n<!-- end -->", text)
        assert block is not None, name


if __name__ == "__main__":
    text = _HELP.sub(lambda _: current_help(), README.read_text(encoding="utf-8"))
    README.write_text(_CODES.sub(lambda _: codes_table(), text), encoding="utf-8")
