"""What the documents for contributors point at is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DOCUMENTS = [ROOT / "README.md", ROOT / "reconciler" / "README.md", *sorted((ROOT / ".github").glob("*.md"))]
_LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)")
_PATH = re.compile(r"(?<![\w./])(?!\.ci/venv)((?:reconciler|schemas|tests|\.ci|\.github)/[\w./-]+)")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_and_path_leads_somewhere(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    links = {document.parent / link for link in _LINK.findall(text)}
    paths = {ROOT / path.rstrip(".") for path in _PATH.findall(text) if not path.endswith("/ROOM")}
    missing = sorted(str(path.relative_to(ROOT)) for path in links | paths if not path.exists())
    assert missing == []


def test_the_changelog_has_the_version_of_the_package() -> None:
    version = re.search(r'^version = "(.+)"$', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)
    assert version is not None
    assert f"\n## {version[1]} – 20" in (ROOT / ".github" / "CHANGELOG.md").read_text(encoding="utf-8")
