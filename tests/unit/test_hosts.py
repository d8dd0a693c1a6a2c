from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.hosts import allowed_hosts, fault_of, is_loopback


@pytest.mark.parametrize(
    "base_uri",
    [
        "https://api.usw2.niceincontact.com",
        "https://niceincontact.com",
        "https://API.NICEINCONTACT.COM:443/",
        "https://api.nice-incontact.com/base/path",
        "https://home-c1.incontact.com.",
        "http://localhost:8080",
        "http://127.0.0.1:1",
        "http://127.8.9.1",
        "http://[::1]:8080",
        "https://localhost",
    ],
)
def test_places_that_may_have_credentials(base_uri: str) -> None:
    assert fault_of(base_uri, frozenset()) is None


@pytest.mark.parametrize(
    ("base_uri", "words"),
    [
        ("http://api.niceincontact.com", "use https"),
        ("https://example.com", "CXONE_ALLOWED_HOSTS"),
        ("https://evilniceincontact.com", "CXONE_ALLOWED_HOSTS"),
        ("https://example.com\\.niceincontact.com", "CXONE_ALLOWED_HOSTS"),
        ("https://niceincontact.com.example.com", "CXONE_ALLOWED_HOSTS"),
        ("https://example.com/niceincontact.com", "CXONE_ALLOWED_HOSTS"),
        ("https://example.com#.niceincontact.com", "fragment"),
        ("https://example.com?x=.niceincontact.com", "query"),
        ("https://user:hunter2@api.niceincontact.com", "environment variables only"),
        ("https://niceincontact.com@example.com", "environment variables only"),
        ("https://127.0.0.1.example.com", "CXONE_ALLOWED_HOSTS"),
        ("http://0.0.0.0", "use https"),
        ("http://localhost.example.com", "use https"),
        ("ftp://api.niceincontact.com", "not an https URL"),
        ("api.niceincontact.com", "not an https URL"),
        ("//api.niceincontact.com", "not an https URL"),
        ("https://", "not an https URL"),
        ("", "not an https URL"),
        ("https://[::1", "not a URL"),
        ("https://api.niceincontact.com:port", "not a URL"),
        ("https://api.niceincontact.com:99999", "not a URL"),
    ],
)
def test_places_that_may_not(base_uri: str, words: str) -> None:
    fault = fault_of(base_uri, frozenset())
    assert fault is not None
    assert words in fault
    assert "hunter2" not in fault


def test_the_environment_widens_by_whole_hosts() -> None:
    allowed = allowed_hosts({"CXONE_ALLOWED_HOSTS": " cxone.example.com,Other.example.com  third.example.com "})
    assert allowed == {"cxone.example.com", "other.example.com", "third.example.com"}
    assert fault_of("https://CXONE.example.com", allowed) is None
    assert fault_of("https://sub.cxone.example.com", allowed) is not None
    assert fault_of("http://cxone.example.com", allowed) is not None
    assert allowed_hosts({}) == frozenset()


@given(st.text(max_size=40))
def test_any_text_is_judged(text: str) -> None:
    for base_uri in (text, f"https://{text}", f"https://{text}.niceincontact.com"):
        fault = fault_of(base_uri, frozenset())
        assert fault is None or fault


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("::1", True),
        ("10.0.0.1", False),
        ("example.com", False),
        ("", False),
    ],
)
def test_is_loopback(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected
