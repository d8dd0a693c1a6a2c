"""Paths are matched segment by segment while still encoded."""

from __future__ import annotations

import pytest
from werkzeug.exceptions import MethodNotAllowed, NotFound

from reconciler.sandbox.endpoints import url_map

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
