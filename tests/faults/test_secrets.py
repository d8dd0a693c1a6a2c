"""No secret, token or Basic header in any output, journal or plan, whatever goes wrong, with --debug too."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, unquote

import pytest

from tests.support.apply_world import LATE, World
from tests.support.commands import Ended

Command = Callable[..., Ended]
FAULTS: list[tuple[str, dict[str, Any]]] = [
    ("400", {"method": "PUT"}),
    ("401", {"method": "PUT"}),
    ("403", {"method": "PUT"}),
    ("500", {"method": "PUT", "path": LATE}),
    ("reset-after", {"method": "PUT"}),
    ("html", {"method": "PUT"}),
    ("redirect", {"method": "PUT", "location": "https://user:password@elsewhere.example.com/?token=abc"}),
    ("redirect", {"method": "GET", "location": "https://elsewhere.example.com/login/"}),
    ("401", {"path": "oauth"}),
    ("malformed-json", {"path": "oauth"}),
    ("500", {"method": "GET"}),
]


@pytest.mark.parametrize(("kind", "how"), FAULTS, ids=[f"{kind} {how}" for kind, how in FAULTS])
def test_nothing_secret_is_told(world: World, command: Command, kind: str, how: dict[str, Any]) -> None:
    world.tenant(requests={"concurrency": 1, "attempts": 1})
    secret = world.box.client_secret
    if "location" in how:
        how = {
            **how,
            "location": how["location"] + quote(secret, safe="").replace("-", "%2D").replace("_", "%5f"),
        }
    world.fault(kind, times=None, **how)
    basic = base64.b64encode(f"{world.box.client_id}:{secret}".encode()).decode()

    told = [
        text
        for form in ("text", "json")
        for ended in [command("apply", "--auto-approve", "--debug", "--format", form)]
        for text in (ended.out, ended.err)
    ]
    told += [path.read_text(encoding="utf-8") for path in world.root.rglob("*.jsonl")]

    assert any(told)
    hidden = [secret, basic, *world.box._tokens._live]
    for text in told:
        assert not [word for word in hidden if word in text]
        assert "Bearer " not in text
        assert "Basic " not in text
        assert "token=abc" not in text
        assert "user:password" not in text
        assert not [word for word in hidden if word in unquote(text)]
