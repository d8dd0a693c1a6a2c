"""What a person sees when something is wrong: a sentence, what to do, the right exit code, no traceback, no secret."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable

import pytest

from tests.support.builders import schedule
from tests.support.commands import Ended
from tests.support.tenant_world import World, campaign

Run = Callable[..., Ended]


@pytest.fixture
def written(world: World) -> World:
    """A tenant with one schedule to create."""
    world.write(campaign("CAM_001", schedule()))
    return world


def _dead_port() -> int:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port: int = unused.getsockname()[1]
    return port


def _plain(ended: Ended) -> str:
    text = ended.out + ended.err
    assert "Traceback" not in text
    return text


def test_missing_credentials(written: World, reconciler: Run) -> None:
    ended = reconciler("plan", CXONE_BASE_URI=written.box.base_uri)
    assert ended.code == 1
    assert "CXONE_CLIENT_ID and CXONE_CLIENT_SECRET are not set" in _plain(ended)


def test_wrong_credentials(written: World, reconciler: Run) -> None:
    ended = reconciler("plan", "--debug", **{**written.env, "CXONE_CLIENT_SECRET": "s3cr3t-and-wrong"})
    assert ended.code == 1
    assert "s3cr3t" not in _plain(ended)
    assert "CXONE_CLIENT_SECRET" in ended.out


def test_dead_host(written: World, reconciler: Run) -> None:
    (written.folder / "schedules" / "tenant.yaml").write_text(
        "name: acme\nbaseUri: https://api.usw2.niceincontact.com\nrequests: {attempts: 1}\n"
    )
    ended = reconciler("plan", **{**written.env, "CXONE_BASE_URI": f"http://127.0.0.1:{_dead_port()}"})
    assert ended.code == 1
    assert "no connection to 127.0.0.1" in _plain(ended)


@pytest.mark.parametrize(
    ("uri", "words"),
    [
        ("http://api.usw2.niceincontact.com", "plain http"),
        ("https://cxone.example.com", "CXONE_ALLOWED_HOSTS"),
        ("https://niceincontact.com.example.com", "CXONE_ALLOWED_HOSTS"),
        ("https://user:pass@api.usw2.niceincontact.com", "environment variables only"),
        ("nonsense", "not an https URL"),
    ],
)
def test_where_no_secret_may_go(uri: str, words: str, written: World, reconciler: Run) -> None:
    by_variable = reconciler("plan", **{**written.env, "CXONE_BASE_URI": uri})
    assert by_variable.code == 64
    assert words in _plain(by_variable)

    (written.folder / "schedules" / "tenant.yaml").write_text(f"name: acme\nbaseUri: {uri}\n")
    by_file = reconciler("validate", "--format", "json")
    assert by_file.code == 3
    [finding] = [entry for entry in json.loads(by_file.out)["findings"] if entry["severity"] == "error"]
    assert (finding["code"], finding["file"], finding["line"]) == ("schema", "schedules/tenant.yaml", 2)
    assert words in finding["message"]


def test_a_scope_that_was_not_granted_is_named(open_world: Callable[..., World], reconciler: Run) -> None:
    world = open_world(grants=("dialer:campaigns:read",))
    world.write(campaign("CAM_001", schedule()))
    ended = reconciler("apply", "--auto-approve", **world.env)
    assert ended.code == 1
    assert "dialer:schedules:write" in _plain(ended)
    assert world.puts() == []


def test_no_approval(written: World, program: Run) -> None:
    ended = program("apply", **written.env)
    assert ended.code == 4
    assert "--auto-approve" in _plain(ended)
    assert written.live() == []


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",),
        ("plan", "--nonsense"),
        ("plan", "--format", "xml"),
        ("plan", "--as-of", "tomorrow"),
        ("plan", "--base", "--output=/tmp/x"),
        ("apply", "--force", " "),
        ("apply", "--plan", "p.json", "--base", "HEAD"),
        ("sandbox", "--fault", "PUT:nonsense"),
        ("show",),
        (),
    ],
)
@pytest.mark.usefixtures("written")
def test_wrong_usage(arguments: tuple[str, ...], reconciler: Run) -> None:
    ended = reconciler(*arguments)
    assert ended.code == 64
    assert _plain(ended).strip()


def test_every_fault_of_the_files_is_told_at_once(written: World, reconciler: Run) -> None:
    folder = written.folder / "schedules"
    (folder / "a.yaml").write_text("campaignId: A\nschedules: [\n")
    (folder / "b.yaml").write_text("campaignId: B\nschedules:\n  - name: X\n    timezone: America/New_Yrok\n")
    (folder / "c.yaml").write_text(json.dumps(campaign("C", schedule(timezone="Mars/Base"), schedule("Y", extra=1))))
    ended = reconciler("validate", "--format", "json")
    findings = json.loads(ended.out)["findings"]
    assert ended.code == 3
    places = [(finding["file"], finding["line"], finding["column"]) for finding in findings]
    assert places == sorted(places)
    codes = {(finding["file"], finding["code"]) for finding in findings if finding["severity"] == "error"}
    assert codes == {
        ("schedules/a.yaml", "yaml-syntax"),
        ("schedules/b.yaml", "schema"),
        ("schedules/b.yaml", "unknown-timezone"),
        ("schedules/c.yaml", "schema"),
        ("schedules/c.yaml", "unknown-timezone"),
    }
    assert all(finding["line"] >= 1 and finding["column"] >= 1 for finding in findings)


def test_no_secret_in_any_output(written: World, reconciler: Run) -> None:
    for arguments in (
        ("plan", "--format", "json", "--debug"),
        ("apply", "--auto-approve", "--debug"),
        ("plan", "--format", "html"),
    ):
        text = _plain(reconciler(*arguments, **written.env))
        assert written.box.client_secret not in text
        assert "Bearer" not in text
    journal = (written.folder / ".reconciler" / "audit.jsonl").read_text()
    assert written.box.client_secret not in journal


def test_the_plan_is_printed_when_the_files_are_invalid(written: World, reconciler: Run) -> None:
    (written.folder / "schedules" / "a.yaml").write_text("campaignId: [")
    ended = reconciler("plan", "--format", "json", **written.env)
    document = json.loads(ended.out)
    assert ended.code == 3
    assert document["digest"] is None
    assert document["summary"]["errors"] == 1
    assert document["findings"][0]["code"] == "yaml-syntax"
