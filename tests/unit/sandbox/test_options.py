"""Options that make no sense are refused by name."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.sandbox import SCOPES, SandboxOptions


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("host", "0.0.0.0", "loopback"),  # noqa: S104  # the very address that must be refused
        ("host", "example.com", "loopback"),
        ("port", 65536, "port"),
        ("port", -1, "port"),
        ("latency", -0.1, "latency"),
        ("rate_limit", 0, "rate limit"),
        ("failure_rate", 1.1, "failure rate"),
        ("failure_rate", -0.1, "failure rate"),
        ("page_size", 0, "page size"),
        ("token_lifetime", 0, "token lifetime"),
        ("max_body", 0, "body limit"),
        ("grants", ("dialer:everything",), "scopes"),
        ("paths", {"deleteSchedule": "/x"}, "paths"),
    ],
)
def test_a_value_that_makes_no_sense_is_refused_by_name(option: str, value: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        SandboxOptions(**{option: value})


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "::1", "localhost"])
def test_every_loopback_address_is_allowed(host: str) -> None:
    assert SandboxOptions(host=host).host == host


def test_all_scopes_are_granted_unless_fewer_are_named() -> None:
    assert SandboxOptions().granted == frozenset(SCOPES)
    assert SandboxOptions(grants=("webhooks:read",)).granted == {"webhooks:read"}
    assert SandboxOptions(grants=()).granted == frozenset()
