"""Ids are one segment of a path, whatever they are, and no path leads away from the base URI."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.cxone.endpoints import DEFAULT_PATHS, endpoint_paths, with_ids
from reconciler.cxone.transport import origin
from reconciler.errors import TenantError

BASE = "https://api.niceincontact.com/eu"


@given(st.text(min_size=1))
def test_an_id_is_one_segment_and_can_be_read_back(value: str) -> None:
    encoded = with_ids("{id}", id=value)
    assert unquote(encoded, errors="strict") == value
    assert not set(encoded) & set("/?#")
    assert encoded not in (".", "..")
    assert encoded.isascii()


@pytest.mark.parametrize(
    ("value", "encoded"),
    [
        ("CAM_001", "CAM_001"),
        ("a/b", "a%2Fb"),
        (".", "%2E"),
        ("..", "%2E%2E"),
        ("...", "..."),
        ("%2F", "%252F"),
        ("ü?#", "%C3%BC%3F%23"),
        ("\ud800", "%ED%A0%80"),
    ],
)
def test_ids_are_encoded(value: str, encoded: str) -> None:
    assert with_ids("{id}", id=value) == encoded


def test_the_paths_of_the_contract() -> None:
    path = with_ids(endpoint_paths({})["schedule"], campaignId="C/1", scheduleId="..")
    assert path == "/api/v2/dialer/campaigns/C%2F1/schedules/%2E%2E"
    assert endpoint_paths({})["token"] == "/oauth/token"


@pytest.mark.parametrize("override", ["/v3/{campaignId}/s", "v3/{campaignId}/s"])
def test_a_path_can_be_overridden_alone(override: str) -> None:
    paths = endpoint_paths({"schedules": override})
    assert with_ids(paths["schedules"], campaignId="{x}") == "/v3/%7Bx%7D/s"
    assert paths["campaigns"] == DEFAULT_PATHS["campaigns"]


@pytest.mark.parametrize(
    "override",
    [
        "",
        "/",
        "//evil.example/token",
        "https://evil.example/token",
        "/a/../token",
        "/./token",
        "/token?x=1",
        "/token#x",
        "/tok en",
        "/tok\nen",
        "/tokén",
        "\\\\evil.example\\token",
        "/token/{campaignId}",
        "/token/{}",
    ],
)
def test_what_is_no_path_below_the_base_uri_is_refused(override: str) -> None:
    with pytest.raises(TenantError, match=r"paths\.token "):
        endpoint_paths({"token": override})


@pytest.mark.parametrize("override", ["@evil.example/token", ".evil.example/token", ":8080/token"])
def test_no_path_can_change_the_host(override: str) -> None:
    url = f"https://api.niceincontact.com{endpoint_paths({'token': override})['token']}"
    assert url == f"https://api.niceincontact.com/{override}"
    assert origin(url) == origin(BASE)


def test_a_path_without_its_ids_is_refused() -> None:
    with pytest.raises(TenantError, match="scheduleId"):
        endpoint_paths({"schedule": "/v3/{campaignId}"})


def test_an_unknown_endpoint_is_refused() -> None:
    with pytest.raises(TenantError, match=r"paths\.tokens") as caught:
        endpoint_paths({"tokens": "/x"})
    assert "schedules" in caught.value.hint
