"""What the sandbox offers, and options that make sense."""

from __future__ import annotations

from typing import Any

import pytest
from werkzeug.exceptions import MethodNotAllowed, NotFound

from reconciler.sandbox import SCOPES, SandboxOptions
from reconciler.sandbox.options import url_map

SCHEDULE = "/api/v2/dialer/campaigns/{}/schedules/{}"


def match(path: str, method: str = "GET", **paths: str) -> tuple[str, dict[str, str]]:
    operation, values = url_map(paths).bind("", url_scheme="http").match(path, method)
    return operation, dict(values)


@pytest.mark.parametrize(
    ("segment", "value"),
    [
        ("CAM_001", "CAM_001"),
        ("a%2Fb", "a/b"),
        ("%C3%BC", "ü"),
        ("100%25", "100%"),
        ("a%20b", "a b"),
        ("%2e", "."),
    ],
)
def test_an_encoded_segment_stays_one_segment(segment: str, value: str) -> None:
    assert match(SCHEDULE.format(segment, "S1")) == ("getSchedule", {"campaignId": value, "scheduleId": "S1"})
    assert match(SCHEDULE.format("C", segment)) == ("getSchedule", {"campaignId": "C", "scheduleId": value})


@pytest.mark.parametrize("path", ["/", "/api", SCHEDULE.format("a/b", "c"), SCHEDULE.format("%FF", "c")])
def test_what_is_no_path_of_the_contract_is_not_found(path: str) -> None:
    with pytest.raises(NotFound):
        match(path)


def test_a_wrong_method_names_the_right_ones() -> None:
    with pytest.raises(MethodNotAllowed) as caught:
        match(SCHEDULE.format("C", "S"), "DELETE")
    assert set(caught.value.valid_methods or ()) == {"GET", "HEAD", "PUT"}


def test_a_tenant_may_have_other_paths() -> None:
    paths = {"listSchedules": "/v3/{campaignId}/plans"}
    assert match("/v3/C%2F1/plans", **paths) == ("listSchedules", {"campaignId": "C/1"})
    with pytest.raises(NotFound):
        match("/api/v2/dialer/campaigns/C/schedules", **paths)


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
