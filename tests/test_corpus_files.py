"""Files that must be taken and files that must be refused, each with every finding and its exact place.

A case in `corpus/invalid` is a file with a sibling `.expect`: a line for each finding, `code line:column words`, where
the words must be part of the message. Add a case by adding the two files.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from reconciler import desired
from reconciler.schema_files import load_schema
from reconciler.sources import WorkTree
from reconciler.yaml import parse_yaml

_CORPUS = Path(__file__).parent / "corpus"
_NAMES = {"campaign": "case.yaml", "defaults": "defaults.yaml", "tenant": "tenant.yaml"}
_SURROUNDINGS = {
    "tenant.yaml": b"name: acme\nbaseUri: https://api.usw2.niceincontact.com\n",
    "other.yaml": b"campaignId: OTHER\nschedules: []\n",
}


def _cases(validity: str) -> list[Path]:
    return sorted((_CORPUS / validity).glob("*/*.yaml"))


def _load(
    case: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[desired.Desired, list[tuple[str, str, str]]]:
    """What a folder with this file in it says, and all findings as code, place and message."""
    files: Mapping[str, bytes] = {**_SURROUNDINGS, _NAMES[case.parent.name]: case.read_bytes()}
    for name, data in files.items():
        (folder / name).write_bytes(data)
    monkeypatch.chdir(folder)
    loaded = desired.load(WorkTree(str(folder)), ".")
    findings = [*loaded.findings, *(finding for tenant in loaded.tenants for finding in tenant.findings)]
    reported = []
    for finding in findings:
        assert finding.location is not None
        assert finding.location.file == _NAMES[case.parent.name]
        reported.append((finding.code, f"{finding.location.line}:{finding.location.column}", finding.message))
    return loaded, reported


@pytest.mark.parametrize("case", _cases("valid"), ids=lambda case: f"{case.parent.name}-{case.stem}")
def test_valid(case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded, reported = _load(case, tmp_path, monkeypatch)
    assert reported == []
    assert len(loaded.tenants) == 1


@pytest.mark.parametrize("case", _cases("invalid"), ids=lambda case: f"{case.parent.name}-{case.stem}")
def test_invalid(case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, reported = _load(case, tmp_path, monkeypatch)
    expected = [line.split(" ", 2) for line in case.with_suffix(".expect").read_text("utf-8").splitlines()]
    places = sorted((code, place) for code, place, _ in reported)
    assert places == sorted((line[0], line[1]) for line in expected)
    for code, place, *words in expected:
        messages = [message for its_code, at, message in reported if (its_code, at) == (code, place)]
        assert any(word in message for word in words or [""] for message in messages), (code, place, messages)
    assert not any("hunter2" in message for _, _, message in reported)


@pytest.mark.parametrize("kind", sorted(_NAMES))
def test_both_validators_say_the_same(kind: str) -> None:
    """The gate decides, the other one words: a file that only one of them refuses would be taken, or explained wrongly."""
    import jsonschema
    import jsonschema_rs

    from reconciler.desired.reader import schema_problems

    schema = load_schema(kind)
    jsonschema.Draft202012Validator.check_schema(schema)
    gate = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
    for case in _CORPUS.glob(f"*/{kind}/*.yaml"):
        for document in parse_yaml(case.read_bytes()).documents:
            problems = schema_problems(kind, document.data)
            assert gate.is_valid(document.data) is not bool(problems), case
            assert not any("does not fit" in problem.message for problem in problems), case
