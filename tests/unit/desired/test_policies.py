from __future__ import annotations

import json
from pathlib import Path

import pytest

from reconciler.desired.policies import load_policy
from reconciler.sources import WorkTree
from reconciler.yaml.documents import FileFault

_SCHEMA = {
    "title": "No Sundays",
    "properties": {"timezone": {"$ref": "#/$defs/zone"}},
    "$defs": {"zone": {"type": "string"}},
}


def test_json_and_yaml(here: Path) -> None:
    (here / "s").mkdir()
    (here / "policy").mkdir()
    (here / "policy" / "a.json").write_text(json.dumps(_SCHEMA, indent="\t"))
    (here / "s" / "b.yaml").write_text("title: No Sundays\ntype: object\n")
    source = WorkTree(str(here))
    assert load_policy(source, "s", "../policy/a.json") == _SCHEMA
    assert load_policy(source, "s", "b.yaml") == {"title": "No Sundays", "type": "object"}


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        (b"", "schema", "not JSON"),
        (b"{", "schema", "not JSON"),
        (b"[]", "schema", "must be an object"),
        (b"true", "schema", "must be an object"),
        (b'{"type": "texts"}', "schema", "not a JSON Schema that can be used"),
        (b'{"pattern": "("}', "schema", "not a JSON Schema that can be used"),
        (b'{"$ref": "#/$defs/nowhere"}', "schema", "not a JSON Schema that can be used"),
        (b'{"$ref": "https://example.com/x.json"}', "schema", "example.com"),
        (b'{"$ref": "http://127.0.0.1:1/x.json"}', "schema", "127.0.0.1"),
        (b'{"$ref": "file:///etc/passwd"}', "schema", "/etc/passwd"),
        (b'{"$ref": "other.json"}', "schema", "other.json"),
        (b'{"$schema": "https://example.com/draft"}', "schema", "example.com"),
        (b"[" * 200_000, "schema", "not JSON"),
        (b"\xff{}", "file-unreadable", "UTF-8"),
        (b" " * (5 * 1024 * 1024 + 1), "file-unsafe", "5 MiB"),
    ],
)
def test_what_cannot_be_a_policy(here: Path, content: bytes, code: str, words: str) -> None:
    (here / "p.json").write_bytes(content)
    (here / "other.json").write_text("{}")
    fault = load_policy(WorkTree(str(here)), "", "p.json")
    assert isinstance(fault, FileFault)
    assert fault.code == code
    assert words in fault.message
    assert "p.json" in fault.message


def test_yaml_faults_keep_their_line(here: Path) -> None:
    (here / "p.yaml").write_text("title: x\ntitle: y\n")
    fault = load_policy(WorkTree(str(here)), "", "p.yaml")
    assert isinstance(fault, FileFault)
    assert (fault.code, "line 2" in fault.message) == ("duplicate-key", True)


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("nowhere.json", "file-unreadable"),
        ("s", "file-unreadable"),
        ("../outside.json", "file-unsafe"),
        ("s/../../outside.json", "file-unsafe"),
        ("/etc/passwd", "file-unsafe"),
        ("link.json", "file-unsafe"),
    ],
)
def test_a_policy_comes_from_inside(here: Path, path: str, code: str) -> None:
    (here / "s").mkdir()
    (here / "link.json").symlink_to("/etc/passwd")
    fault = load_policy(WorkTree(str(here)), "", path)
    assert isinstance(fault, FileFault)
    assert fault.code == code
