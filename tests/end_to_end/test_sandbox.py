"""`sandbox`: the embedded CXone as a program, that another command is pointed at."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.builders import schedule
from tests.support.commands import Run, Write

FILES = {
    "schedules/tenant.yaml": "name: acme\nbaseUri: https://api.usw2.niceincontact.com\n",
    "schedules/cam_001.yaml": json.dumps({"campaignId": "CAM_001", "schedules": [schedule("Weekday calling")]}),
}

# A shell that runs the tests in the background makes them, and so the program, ignore Ctrl-C.
_START = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from reconciler.__main__ import main
main()
"""


@dataclass
class Running:
    """A sandbox that has printed its variables."""

    process: subprocess.Popen[str]
    env: dict[str, str]

    def stop(self, number: signal.Signals = signal.SIGINT) -> tuple[int, str]:
        """Its exit code, and what it said on stderr."""
        self.process.send_signal(number)
        _, err = self.process.communicate()
        return self.process.returncode, err


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Running]]:
    """Start `reconciler sandbox` with these arguments in `tmp_path`."""
    processes: list[subprocess.Popen[str]] = []

    def execute(*arguments: str) -> Running:
        process = subprocess.Popen(
            [sys.executable, "-c", _START, "sandbox", *arguments],
            cwd=tmp_path,
            env=dict(os.environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        processes.append(process)
        assert process.stdout is not None
        count = 6 if "admin" in arguments else 3
        lines = [process.stdout.readline().strip() for _ in range(count)]
        assert all(lines), process.communicate()[1]
        return Running(process, dict(line.split("=", 1) for line in lines))

    yield execute
    for process in processes:
        process.kill()
        process.communicate()


def test_it_prints_the_variables_that_lead_to_it(start: Callable[..., Running], reconciler: Run, write: Write) -> None:
    write(FILES)
    sandbox = start()
    assert set(sandbox.env) == {"CXONE_BASE_URI", "CXONE_CLIENT_ID", "CXONE_CLIENT_SECRET"}
    assert reconciler("apply", "--auto-approve", **sandbox.env).code == 0
    assert reconciler("plan", "--detailed-exitcode", **sandbox.env).code == 0
    code, err = sandbox.stop()
    assert code == 0
    assert "1 campaign" in err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_when_it_is_stopped(start: Callable[..., Running], number: signal.Signals) -> None:
    code, err = start("--quiet", "--campaign", "CAM_001").stop(number)
    assert (code, err) == (0, "")


def test_its_state_is_kept_in_a_file_and_nowhere_else(
    start: Callable[..., Running], reconciler: Run, write: Write, tmp_path: Path
) -> None:
    write(FILES)
    first = start("--state", "state.json")
    assert reconciler("apply", "--auto-approve", **first.env).code == 0
    first.stop()
    kept = start("--state", "state.json")
    assert reconciler("plan", "--detailed-exitcode", **kept.env).code == 0
    fresh = start()
    assert reconciler("plan", "--detailed-exitcode", **fresh.env).code == 2
    made = {path.name.split(".json")[0] for path in tmp_path.iterdir()}
    assert made == {".reconciler", "schedules", "state"}


def test_it_has_the_campaigns_of_the_files_and_those_that_are_named(
    start: Callable[..., Running], reconciler: Run, write: Write
) -> None:
    write(FILES)
    sandbox = start("--campaign", "CAM_002")
    write({"schedules/other.yaml": FILES["schedules/cam_001.yaml"].replace("CAM_001", "CAM_002")})
    assert reconciler("plan", "--detailed-exitcode", **sandbox.env).code == 2
    write({"schedules/other.yaml": FILES["schedules/cam_001.yaml"].replace("CAM_001", "CAM_003")})
    ended = reconciler("plan", **sandbox.env)
    assert ended.code == 3
    assert "CAM_003" in ended.out + ended.err


def test_an_injected_fault_is_met_by_who_calls_it(start: Callable[..., Running], reconciler: Run, write: Write) -> None:
    write(FILES)
    broken = start("--fault", "PUT:400")
    ended = reconciler("apply", "--auto-approve", **broken.env)
    assert ended.code == 5
    assert "HTTP 400" in ended.out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--fault", "nonsense"), "is not a fault"),
        (("--port", "65536"), "65536"),
        (("--failure-rate", "2"), "failure-rate"),
        (("--rate-limit", "0"), "rate-limit"),
        (("--latency", "-1"), "latency"),
    ],
)
def test_options_that_mean_nothing_are_wrong_usage(program: Run, arguments: tuple[str, ...], words: str) -> None:
    ended = program("sandbox", *arguments)
    assert (ended.code, ended.out) == (64, "")
    assert words in ended.err


def test_a_port_that_is_taken_is_said(program: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ended = program("sandbox", "--port", str(taken.getsockname()[1]))
    assert ended.code == 1
    assert "Error" in ended.err
    assert "this should not happen" not in ended.err


def test_it_speaks_the_admin_api(start: Callable[..., Running], reconciler: Run, write: Write) -> None:
    week = {"dayOfWeek": "MONDAY", "startTime": "10:00", "endTime": "16:00"}
    entries = [{"name": "Sales", "scheduleDetails": [week]}, {"name": "Care", "id": "4711", "scheduleDetails": [week]}]
    write(
        {
            "schedules/tenant.yaml": "name: acme\napi: admin\nadmin: {timezone: America/Chicago, partialWeek: true}\n",
            "schedules/sales.yaml": json.dumps({"campaignId": "1001", "schedules": entries}),
        }
    )
    sandbox = start("--api", "admin", "--quirk", "text-numbers", "--quirk", "bare-word")
    plan = json.loads(reconciler("plan", "--format", "json", **sandbox.env).out)
    assert len(plan["changes"]) == 2
    assert [one["code"] for one in plan["findings"] if one["severity"] != "notice"] == []
    assert reconciler("apply", "--auto-approve", **sandbox.env).code == 0
    assert reconciler("plan", "--detailed-exitcode", **sandbox.env).code == 0
    assert sandbox.stop() == (0, "The sandbox holds 1 campaign; stop it with Ctrl-C.\n")


def test_an_unknown_quirk_lists_the_known_ones(reconciler: Run) -> None:
    ended = reconciler("sandbox", "--api", "admin", "--quirk", "eight-days")
    assert ended.code == 64
    assert "seven-days" in ended.err
