from __future__ import annotations

from typing import Any

import pytest

from reconciler.desired.reader import schema_problems
from reconciler.desired.wording import Problem, field_text
from reconciler.model import Path


def _schedule(**fields: Any) -> dict[str, Any]:
    return {"campaignId": "CAM_001", "schedules": [{"name": "Weekdays", **fields}]}


def _window(**fields: Any) -> dict[str, Any]:
    base = {"dayOfWeek": "MONDAY", "startTime": "09:00", "endTime": "17:00"}
    return _schedule(scheduleDetails=[{**base, **fields}])


def _tenant(**fields: Any) -> dict[str, Any]:
    return {"name": "acme", "baseUri": "https://incontact.com", **fields}


_DAYS = "MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY"
_TIME = "a time of day, HH:MM or HH:MM:SS, from 00:00 to 23:59:59"
_VARIABLE = "the name of an environment variable that begins with CXONE_, in capitals, digits and underscores"
_W = "schedules[0].scheduleDetails[0]"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (_schedule(timezon="x"), "unknown field schedules[0].timezon; did you mean timezone?"),
        (_schedule(TimeZone="x"), "unknown field schedules[0].TimeZone; did you mean timezone?"),
        ({"campaignId": "C", "schedules": [], "v": 1}, "unknown field v; allowed here: campaignId, schedules"),
        ({"campaignId": "C"}, "schedules is missing"),
        ([1], "the document is a list, but must be a mapping of fields (`name: value`)"),
        (_window(maxCallsPerDay=0), f"{_W}.maxCallsPerDay is 0, but must be at least 1"),
        (_window(maxCallsPerDay=10**6), f"{_W}.maxCallsPerDay is 1000000, but must be at most 100000"),
        (_window(maxCallsPerDay="5"), f'{_W}.maxCallsPerDay is "5", but must be a whole number; remove the quotes'),
        (_window(maxCallsPerDay=True), f"{_W}.maxCallsPerDay is true, but must be a whole number"),
        (_window(maxCallsPerDay=None), f"{_W}.maxCallsPerDay is empty, but must be a whole number"),
        (_window(predictiveRate="fast"), f'{_W}.predictiveRate is "fast", but must be a number'),
        (_window(dayOfWeek="MONDAYS"), f'{_W}.dayOfWeek is "MONDAYS", but must be one of {_DAYS}; did you mean MONDAY?'),
        (_window(dayOfWeek={"a": 1}), f"{_W}.dayOfWeek is a mapping, but must be text or a list"),
        (_window(dayOfWeek=["MONDAY"] * 2), f'{_W}.dayOfWeek must not repeat "MONDAY"'),
        (_window(dayOfWeek=[]), f"{_W}.dayOfWeek must have at least one entry"),
        (_window(startTime="9:00"), f'{_W}.startTime is "9:00", but must be {_TIME}'),
        (_schedule(name=""), 'schedules[0].name is "", but must not be empty'),
        (_schedule(name=True), "schedules[0].name is true, but must be text; put it in quotes"),
        (_schedule(jurisdictions="US-NC"),
         'schedules[0].jurisdictions is "US-NC", but must be a list; write it in brackets'),
        (_schedule(complianceRules={"agentAvailabilityProjection": "yes"}),
         'schedules[0].complianceRules.agentAvailabilityProjection is "yes", but must be true or false, without quotes'),
    ],
)  # fmt: skip
def test_a_campaigns_problem(data: Any, message: str) -> None:
    assert [problem.message for problem in schema_problems("campaign", data)] == [message]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (_tenant(credentials={"clientIdEnv": "hunter2"}), f"credentials.clientIdEnv must be {_VARIABLE}"),
        (_tenant(credentials={"clientIdEnv": ["hunter2"]}), "credentials.clientIdEnv must be text"),
        (_tenant(credentials="hunter2"), "credentials must be a mapping of fields"),
        (_tenant(credentials={"hunter2SECRET": 1}),
         "credentials has an unknown field; allowed here: accessKeyIdEnv, accessKeySecretEnv, clientIdEnv, clientSecretEnv"),
        (_tenant(credentials={"clientSecret": "x"}),
         "credentials has an unknown field; did you mean clientSecretEnv?"),
        (_tenant(requests={"readTimeout": 0}), "requests.readTimeout is 0, but must be above 0"),
        (_tenant(compliance={"jurisdictions": {"Florida": {"hours": {day: [] for day in (
            "MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")}, "citation": "x"}}}),
         "the key 'Florida' of compliance.jurisdictions must be an ISO 3166-2 code such as US-NC, or a country's code"),
    ],
)  # fmt: skip
def test_a_tenants_problem(data: Any, message: str) -> None:
    assert [problem.message for problem in schema_problems("tenant", data)] == [message]


def test_every_problem_is_told_at_its_value() -> None:
    data = _schedule(scheduleDetails=[{"dayOfWeek": ["MON", "FRIDAY", "SUN"], "startTime": 9, "end": 1}])
    window = ("schedules", 0, "scheduleDetails", 0)
    assert {(problem.path, problem.at_key) for problem in schema_problems("campaign", data)} == {
        ((*window, "dayOfWeek", 0), False),
        ((*window, "dayOfWeek", 2), False),
        ((*window, "startTime"), False),
        ((*window, "end"), True),
        (window, False),
    }


def test_what_a_problem_is_about() -> None:
    found = schema_problems("campaign", _schedule(timezon="x", nonsense=1, complianceRules=3))
    assert [(fault.path[2:], fault.lacks, fault.meant) for fault in found] == [
        (("timezon",), "", "timezone"),
        (("nonsense",), "", ""),
        (("complianceRules",), "", ""),
    ]
    (problem,) = schema_problems("campaign", {"campaignId": "C", "schedules": [{}]})
    assert (problem.path, problem.lacks) == (("schedules", 0), "name")


def test_a_long_value_is_shortened() -> None:
    (problem,) = schema_problems("campaign", _window(dayOfWeek="M" * 10_000))
    assert len(problem.message) < 250
    (problem,) = schema_problems("campaign", {"campaignId": "C", "schedules": [], "k" * 10_000: 1})
    assert len(problem.message) < 250


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ((), "the document"),
        (("a",), "a"),
        (("a", 0, "b", 1, 2, "c"), "a[0].b[1][2].c"),
    ],
)
def test_field_text(path: Path, text: str) -> None:
    assert field_text(path) == text


def test_problems_are_values() -> None:
    assert Problem(("a",), "words") == Problem(("a",), "words")
