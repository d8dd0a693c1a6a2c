from __future__ import annotations

from collections.abc import Callable

import pytest

from reconciler.desired import Desired
from reconciler.desired.reader import schema_problems
from reconciler.desired.salvage import Hidden, hidden_hours

Load = Callable[..., Desired]
Campaign = Callable[..., str]

_TENANT = {"name": "acme", "baseUri": "https://incontact.com"}


@pytest.mark.parametrize(
    ("fields", "hidden"),
    [
        ({}, frozenset()),
        ({"oops": 1, "capacity": 5}, frozenset()),
        ({"compliance": {"severities": {"oops": "error"}}}, frozenset()),
        ({"compliance": {"jurisdictions": {"US-TX": {}, "US-FL": 5}}}, frozenset({"US-TX", "US-FL"})),
        ({"compliance": {"jurisdictions": {"Texas": {}}}}, None),
        ({"compliance": {"jurisdictions": []}}, None),
        ({"compliance": {"jurisdiction": {}}}, None),
        ({"compliance": 5}, None),
        ({"complience": {}}, None),
    ],
)
def test_hours_that_a_file_fails_to_tell(fields: dict[str, object], hidden: Hidden) -> None:
    assert hidden_hours(schema_problems("tenant", {**_TENANT, **fields})) == hidden


def test_a_missing_name_hides_no_hours_and_an_unreadable_file_hides_all() -> None:
    assert hidden_hours(schema_problems("tenant", {})) == frozenset()
    assert hidden_hours(None) is None


def test_schedules_of_hidden_jurisdictions_are_partial(load_files: Load, campaign: Campaign, tenant: str) -> None:
    extra = "    jurisdictions: [US-TX, US-FL]\n"
    files = {
        "tenant.yaml": f"{tenant}compliance: {{jurisdictions: {{US-TX: {{}}}}}}\n",
        "x.yaml": campaign("CAM_001", "A") + campaign("CAM_001", "B", extra=extra).partition("schedules:\n")[2],
    }
    desired = load_files(files)
    assert desired.tenants == ()
    (unusable,) = desired.unusable
    assert [schedule.name for schedule in unusable.schedules] == ["A"]
    assert [(entry.schedule.name, entry.schedule.jurisdictions) for entry in unusable.partial] == [("B", ("", "US-FL"))]
    assert unusable.settings.name == "acme"
    assert unusable.settings.jurisdictions == {}
