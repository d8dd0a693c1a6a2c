"""`doctor`: one thing broken at a time is named, and nothing else; what depends on it is skipped; nothing is changed."""

from __future__ import annotations

import http.client
import json
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from reconciler.sandbox import SCOPES, AdminSandbox, Fault
from tests.support.builders import rules, schedule, window
from tests.support.commands import Ended, Run
from tests.support.server import RawServer, Received
from tests.support.tenant_world import TENANT, World, campaign

WEBHOOK = "webhook: {url: https://wfm.example.com/hook}\n"
NAMES = [
    "files",
    "host",
    "credentials",
    "connection",
    "TLS",
    "clock",
    "token",
    "campaigns",
    "agents",
    "webhooks",
    "journal",
]
Serve = Callable[..., RawServer]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start a server that answers as a test wants."""
    with ExitStack() as stack:

        def started(script: Callable[[Received], bytes], certificate: Path | None = None) -> RawServer:
            server = RawServer(script, certificate)
            stack.callback(server.stop)
            return server

        yield started


def healthy(world: World) -> World:
    """Files that ask for everything that a plan can read."""
    entry = schedule(scheduleDetails=[window(maxCallsPerDay=2000)], complianceRules=rules("TCPA"))
    world.write(campaign("CAM_001", entry), tenant=TENANT + WEBHOOK)
    return world


def but(*scopes: str) -> tuple[str, ...]:
    """All scopes but these."""
    return tuple(scope for scope in SCOPES if scope not in scopes)


def states(ended: Ended) -> dict[str, str]:
    """How each check ended, by its name."""
    return {check["name"]: check["state"] for check in json.loads(ended.out)["checks"]}


def assert_wrong(ended: Ended, name: str, *skipped: str) -> str:
    """Just this check is wrong, and just these were skipped; returns what is said about it, with what to do."""
    found = states(ended)
    assert [check for check in found if found[check] == "wrong"] == [name]
    assert {check for check in found if found[check] == "skipped"} == set(skipped)
    assert "unsure" not in found.values()
    assert ended.code == 1
    (check,) = (check for check in json.loads(ended.out)["checks"] if check["state"] == "wrong")
    assert check["advice"] or name == "files"
    return f"{check['message']}; {check['advice']}"


def test_where_all_is_in_place_it_says_so_and_changes_nothing(world: World, reconciler: Run) -> None:
    healthy(world)
    before = sorted(path.relative_to(world.folder).as_posix() for path in world.folder.rglob("*"))
    ended = reconciler("doctor", "--write", "--format", "json", **world.env)
    assert states(ended) == dict.fromkeys([*NAMES[:-1], "write", "journal"], "ok")
    assert ended.code == 0
    assert sorted(path.relative_to(world.folder).as_posix() for path in world.folder.rglob("*")) == before
    assert {(seen.method, seen.path) for seen in world.box.log if seen.method != "GET"} == {("POST", "/oauth/token")}
    text = reconciler("doctor", **world.env).out
    assert [line.split()[0] for line in text.splitlines()] == ["ok"] * len(NAMES)


def test_without_write_nobody_asks_for_the_right_to_write(open_world: Callable[..., World], reconciler: Run) -> None:
    world = healthy(open_world(grants=but("dialer:schedules:write", "webhooks:write"), strict_scopes=True))
    assert reconciler("doctor", **world.env).code == 0
    words = assert_wrong(reconciler("doctor", "--write", "--format", "json", **world.env), "write")
    assert "dialer:schedules:write" in words


def test_files_with_an_error(world: World, reconciler: Run) -> None:
    healthy(world)
    world.write(campaign("CAM_002", schedule(timezone="Mars/Olympus")), tenant=TENANT + WEBHOOK)
    words = assert_wrong(reconciler("doctor", "--format", "json", **world.env), "files")
    assert "reconciler validate schedules" in words


def test_no_files_at_all(reconciler: Run) -> None:
    ended = reconciler("doctor", "--format", "json")
    assert "reconciler init" in assert_wrong(ended, "files")
    assert list(states(ended)) == ["files", "journal"]


OF_THE_TENANT = ("token", "campaigns", "agents", "webhooks")


def test_a_variable_that_is_not_set(world: World, reconciler: Run) -> None:
    healthy(world)
    env = {**world.env, "CXONE_CLIENT_SECRET": ""}
    words = assert_wrong(reconciler("doctor", "--format", "json", **env), "credentials", *OF_THE_TENANT)
    assert "CXONE_CLIENT_SECRET is not set" in words


def test_a_secret_in_quotation_marks_is_strange_and_no_more(world: World, reconciler: Run) -> None:
    healthy(world)
    env = {**world.env, "CXONE_CLIENT_SECRET": f" {world.box.client_secret}"}
    ended = reconciler("doctor", "--format", "json", **env)
    assert states(ended)["credentials"] == "unsure"
    assert ended.code == 0


@pytest.mark.parametrize("place", ["file", "environment"])
def test_a_host_that_is_not_allowed(place: str, world: World, reconciler: Run) -> None:
    healthy(world)
    env = world.env
    if place == "file":
        foreign = TENANT.replace("api.usw2.niceincontact.com", "cxone.example.com")
        world.write(tenant=foreign + WEBHOOK)
    else:
        env["CXONE_BASE_URI"] = "https://cxone.example.com"
    skipped = ("credentials", "connection", "TLS", "clock", *OF_THE_TENANT)
    words = assert_wrong(reconciler("doctor", "--format", "json", **env), "host", *skipped)
    assert "CXONE_ALLOWED_HOSTS" in words
    assert not world.box.log


def test_nobody_there(world: World, reconciler: Run) -> None:
    healthy(world)
    env = world.env
    world.box.stop()
    words = assert_wrong(reconciler("doctor", "--format", "json", **env), "connection", "TLS", "clock", *OF_THE_TENANT)
    assert "Connection refused" in words


def test_a_certificate_that_nobody_vouches_for(world: World, serve: Serve, reconciler: Run, tmp_path: Path) -> None:
    healthy(world)
    pem = tmp_path / "own.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"),
            *("-subj", "/CN=loopback", "-addext", "subjectAltName=IP:127.0.0.1"),
            *("-keyout", str(pem), "-out", str(tmp_path / "certificate.pem")),
        ],
        check=True,
        capture_output=True,
    )
    pem.write_bytes(pem.read_bytes() + (tmp_path / "certificate.pem").read_bytes())
    server = serve(lambda _: b"HTTP/1.1 404 X\r\nContent-Length: 0\r\n\r\n", pem)
    env = {**world.env, "CXONE_BASE_URI": server.base_uri}
    words = assert_wrong(reconciler("doctor", "--format", "json", **env), "TLS", "clock", *OF_THE_TENANT)
    assert "cannot be trusted" in words
    assert "REQUESTS_CA_BUNDLE" in words
    assert all("authorization" not in received.headers for received in server.received)


@pytest.mark.parametrize(("hours", "direction"), [(-2, "ahead of"), (3, "behind")])
def test_a_clock_that_is_wrong(hours: int, direction: str, world: World, serve: Serve, reconciler: Run) -> None:
    healthy(world)
    place = urlsplit(world.box.base_uri).netloc

    def elsewhen(received: Received) -> bytes:
        """The sandbox's own answer, at another time."""
        with closing(http.client.HTTPConnection(place)) as connection:
            connection.request(received.method, received.path, received.body, dict(received.headers))
            answer = connection.getresponse()
            body = answer.read()
        date = format_datetime(datetime.now(UTC) + timedelta(hours=hours), usegmt=True)
        head = f"HTTP/1.1 {answer.status} X\r\nDate: {date}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        return head.encode() + body

    env = {**world.env, "CXONE_BASE_URI": serve(elsewhen).base_uri}
    words = assert_wrong(reconciler("doctor", "--format", "json", **env), "clock")
    assert f"{abs(hours) * 60} minutes {direction}" in words


def test_a_client_that_is_refused(world: World, reconciler: Run) -> None:
    healthy(world)
    env = {**world.env, "CXONE_CLIENT_SECRET": "another-secret"}
    words = assert_wrong(reconciler("doctor", "--format", "json", **env), "token", *OF_THE_TENANT[1:])
    assert "CXONE_CLIENT_ID and CXONE_CLIENT_SECRET" in words
    assert "another-secret" not in words


def test_a_scope_that_is_missing(open_world: Callable[..., World], reconciler: Run) -> None:
    world = healthy(open_world(grants=but("wfm:schedules:read")))
    words = assert_wrong(reconciler("doctor", "--format", "json", **world.env), "token", *OF_THE_TENANT[1:])
    assert "missing wfm:schedules:read" in words


def test_webhooks_that_the_client_may_not_read_are_not_known(open_world: Callable[..., World], reconciler: Run) -> None:
    world = healthy(open_world(grants=but("webhooks:read"), strict_scopes=True))
    ended = reconciler("doctor", "--format", "json", **world.env)
    assert {name for name, state in states(ended).items() if state != "ok"} == {"webhooks"}
    assert states(ended)["webhooks"] == "unsure"
    assert ended.code == 0


@pytest.mark.parametrize(
    ("path", "name"), [("/campaigns", "campaigns"), ("/wfm/", "agents"), ("/webhooks", "webhooks")]
)
def test_a_list_that_cannot_be_read(path: str, name: str, world: World, reconciler: Run) -> None:
    healthy(world)
    world.box.faults.add(Fault("500", method="GET", path=path, times=None, retry_after="0"))
    assert_wrong(reconciler("doctor", "--format", "json", **world.env), name)


def test_a_journal_that_has_no_place(world: World, reconciler: Run) -> None:
    healthy(world)
    (world.folder / "file").write_text("")
    ended = reconciler("doctor", "--audit-log", "file/audit.jsonl", "--format", "json", **world.env)
    assert "file is a file" in assert_wrong(ended, "journal")


def test_a_journal_that_was_edited(world: World, reconciler: Run) -> None:
    healthy(world)
    assert reconciler("apply", "--auto-approve", **world.env).code == 0
    assert reconciler("doctor", **world.env).code == 0
    journal = world.folder / ".reconciler" / "audit.jsonl"
    journal.write_text(journal.read_text("utf-8").replace("CAM_001", "CAM_009", 1), "utf-8")
    words = assert_wrong(reconciler("doctor", "--format", "json", **world.env), "journal")
    assert "audit.jsonl" in words


def test_what_is_not_needed_is_not_asked_for(world: World, reconciler: Run) -> None:
    world.write(campaign("CAM_001", schedule(complianceRules={"regulatoryPauses": ["TCPA"]})))
    ended = reconciler("doctor", **world.env)
    assert ended.code == 0
    assert "agents: not needed" in ended.out
    assert "webhooks: not needed" in ended.out


def test_quiet_prints_only_what_is_wrong(world: World, reconciler: Run) -> None:
    healthy(world)
    assert reconciler("doctor", "--quiet", **world.env).out == ""
    ended = reconciler("doctor", "--quiet", **{**world.env, "CXONE_CLIENT_SECRET": ""})
    (line,) = ended.out.splitlines()
    assert line.startswith("wrong   acme: credentials: ")


@pytest.mark.parametrize(("secret", "zone"), [("right", "ok"), ("right", "unsure"), ("wrong", "skipped")])
def test_a_tenant_of_the_admin_api(secret: str, zone: str, world: World, reconciler: Run) -> None:
    timezone = "America/Chicago" if zone == "unsure" else "America/New_York"
    with AdminSandbox(name="acme", skills=[("1001", "Early", "4001")], timezone=timezone) as box:
        settings = f"name: acme\napi: admin\nadmin: {{timezone: America/New_York, issuer: '{box.base_uri}'}}\n"
        entry = {
            "name": "Early",
            "scheduleDetails": [{"dayOfWeek": "MONDAY", "startTime": "09:00", "endTime": "17:00"}],
        }
        world.write(campaign("1001", entry), tenant=settings)
        env = {name: value for name, value in box.variables.items() if name != "CXONE_BASE_URI"}
        if secret == "wrong":
            env["CXONE_ACCESS_KEY_SECRET"] = "another"
        found = states(reconciler("doctor", "--write", "--format", "json", **env))
    expected = dict.fromkeys([*NAMES[:-1], "write", "journal"], "ok") | {"files": found["files"], "write": "unsure"}
    expected["zone"] = zone
    if secret == "wrong":
        expected |= {"token": "wrong", **dict.fromkeys((*OF_THE_TENANT[1:], "write"), "skipped")}
    assert found == expected
