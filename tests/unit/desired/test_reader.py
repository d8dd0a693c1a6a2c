from __future__ import annotations

from pathlib import Path

from reconciler.desired.reader import Reader, campaign_of
from reconciler.files import File
from reconciler.findings import Finding
from reconciler.sources import WorkTree
from reconciler.yaml import parse_yaml
from reconciler.yaml.documents import Document, ParsedFile


def _files(here: Path, **texts: str) -> tuple[File, ...]:
    for name, text in texts.items():
        (here / f"{name}.yaml").write_text(text)
    return tuple(File(f"{name}.yaml", f"{name}.yaml") for name in texts)


def test_files_are_parsed_in_turn(here: Path) -> None:
    files = (*_files(here, a="x: 1\n", b="x: [\n"), File("gone.yaml", "gone.yaml"))
    (a, first), (b, second), (gone, third) = Reader().parsed(WorkTree(str(here)), files)
    assert (a, b, gone) == ("a.yaml", "b.yaml", "gone.yaml")
    assert isinstance(first, ParsedFile)
    assert first.documents[0].data == {"x": 1}
    assert isinstance(second, ParsedFile)
    assert [fault.code for fault in second.faults] == ["yaml-syntax"]
    assert isinstance(third, Finding)


def test_single_documents(here: Path) -> None:
    files = _files(
        here,
        good="window: {predictiveRate: 1}\n",
        two="window: {}\n---\nwindow: {}\n",
        bad="windows: {}\n",
        none="",
    )
    good, two, bad, none = Reader().singles(WorkTree(str(here)), files, "defaults")
    assert good.places is not None
    assert good.places.document.data == {"window": {"predictiveRate": 1}}
    assert (good.findings, good.problems) == ((), ())
    assert (two.problems, none.problems) == (None, None)
    assert [problem.path for problem in bad.problems or ()] == [("windows",)]
    assert two.places is not None
    assert [(finding.code, finding.location and finding.location.line) for finding in two.findings] == [("schema", 3)]
    assert [finding.message.split(";")[0] for finding in bad.findings] == ["unknown field windows"]
    assert [finding.code for finding in none.findings] == ["schema"]


def test_a_document_that_is_no_mapping(here: Path) -> None:
    (single,) = Reader().singles(WorkTree(str(here)), _files(here, a="- 1\n"), "tenant")
    (finding,) = single.findings
    assert "is a list" in finding.message


def test_the_campaign_of_a_document() -> None:
    def of(text: str) -> str | None:
        document: Document = parse_yaml(text.encode()).documents[0]
        return campaign_of(document)

    assert of("campaignId: CAM_001") == "CAM_001"
    assert [of(text) for text in ("campaignId: 7", "campaignId: ''", "{}", "[campaignId]", "text")] == [None] * 5
