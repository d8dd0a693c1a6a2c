from __future__ import annotations

from collections.abc import Callable

import pytest

from reconciler.desired import Desired
from reconciler.findings import Location
from reconciler.settings import Capacity, License

Load = Callable[..., Desired]
Reported = Callable[[Desired], list[str]]
Campaign = Callable[..., str]


def test_settings_and_their_places(load_files: Load, reported: Reported, campaign: Campaign) -> None:
    text = """\
# the account
name: acme
baseUri: https://api.usw2.niceincontact.com/
capacity: {agents: 40.0, campaigns: {1001: {licensedCallsPerDay: 5.0}}}
requests: {concurrency: 4.0}
"""
    desired = load_files({"s/tenant.yaml": text, "s/x.yaml": campaign("CAM_001")}, "s")
    assert reported(desired) == []
    (tenant,) = desired.tenants
    assert tenant.settings.location == Location("s/tenant.yaml", 2, 1)
    assert tenant.settings.folder == "s"
    assert tenant.settings.base_uri == "https://api.usw2.niceincontact.com"
    assert tenant.settings.capacity == Capacity(agents=40, campaigns={"1001": License(5)})
    assert type(tenant.settings.requests.concurrency) is int
    assert tenant.places.locate(("capacity", "agents")) == Location("s/tenant.yaml", 4, 20)
    assert tenant.campaigns == ("CAM_001",)


def test_policy_schemas_are_loaded(load_files: Load, reported: Reported, campaign: Campaign, tenant: str) -> None:
    files = {
        "policy/a.schema.json": '{"title": "A"}',
        "s/b.schema.yaml": "title: B\n",
        "s/x.yaml": campaign("CAM_001"),
        "s/tenant.yaml": f"{tenant}policySchemas: [../policy/a.schema.json, _b.schema.yaml]\n",
        "s/_b.schema.yaml": "title: B\n",
    }
    files.pop("s/b.schema.yaml")
    desired = load_files(files, "s")
    assert reported(desired) == []
    assert desired.tenants[0].settings.policy_schemas == (
        ("../policy/a.schema.json", {"title": "A"}),
        ("_b.schema.yaml", {"title": "B"}),
    )


def test_hosts_come_from_the_environment_alone(load_files: Load, reported: Reported, campaign: Campaign) -> None:
    files = {"tenant.yaml": "name: a\nbaseUri: https://cxone.example.com\n", "x.yaml": campaign("CAM_001")}
    refused = load_files(files)
    assert (reported(refused), refused.tenants) == (["tenant.yaml:2:10 schema"], ())
    assert "CXONE_ALLOWED_HOSTS" in refused.findings[0].message
    assert reported(load_files(files, hosts="cxone.example.com")) == []


def test_an_invalid_tenant_gives_findings_only(
    load_files: Load, reported: Reported, campaign: Campaign, tenant: str
) -> None:
    files = {
        "a/tenant.yaml": f"{tenant}capacity: {{buffer: -1}}\n",
        "a/x.yaml": campaign("CAM_001", "Same", "Same").replace("MONDAY", "MON", 1),
        "b/tenant.yaml": "name: b\nbaseUri: https://b.incontact.com\n",
        "b/x.yaml": campaign("CAM_002", "One"),
    }
    desired = load_files(files)
    assert reported(desired) == [
        "a/tenant.yaml:3:20 schema",
        "a/x.yaml:6:20 schema",
        "a/x.yaml:13:5 duplicate-schedule",
    ]
    assert [loaded.settings.name for loaded in desired.tenants] == ["b"]
    assert desired.tenant_names == ("acme", "b")


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        (
            "name: a\nbaseUri: https://a.incontact.com\n",
            "name: a\nbaseUri: https://b.incontact.com\n",
            "name 'a'",
        ),
        (
            "name: Straße\nbaseUri: https://a.incontact.com\n",
            "name: STRASSE\nbaseUri: https://b.incontact.com\n",
            "the same name 'STRASSE' (capitals do not count)",
        ),
        (
            "name: a\nbaseUri: https://a.incontact.com\n",
            "name: b\nbaseUri: https://A.incontact.com/\n",
            "base URI",
        ),
        (
            "name: a\nbaseUri: https://a.incontact.com\ncredentials: {clientIdEnv: CXONE_A}\n",
            "name: b\nbaseUri: https://a.incontact.com\ncredentials: {clientIdEnv: CXONE_A}\n",
            "base URI",
        ),
    ],
)
def test_one_account_has_one_tenant(
    load_files: Load, reported: Reported, campaign: Campaign, first: str, second: str, words: str
) -> None:
    files = {
        "a/tenant.yaml": first,
        "b/tenant.yaml": second,
        "a/x.yaml": campaign("C"),
        "b/x.yaml": campaign("C"),
    }
    desired = load_files(files)
    assert reported(desired) == ["b/tenant.yaml:1:7 duplicate-tenant"]
    assert words in desired.findings[0].message
    assert "a/tenant.yaml:1" in desired.findings[0].message
    assert len(desired.tenants) == 1
    for name in desired.tenant_names:
        assert "b/tenant.yaml:1:7 duplicate-tenant" in reported(load_files({}, tenants=name))


def test_one_region_may_hold_two_accounts(load_files: Load, reported: Reported, campaign: Campaign) -> None:
    base = "baseUri: https://a.incontact.com\n"
    files = {
        "a/tenant.yaml": f"name: a\n{base}",
        "b/tenant.yaml": f"name: b\n{base}credentials: {{clientIdEnv: CXONE_B, clientSecretEnv: CXONE_B_SECRET}}\n",
        "a/x.yaml": campaign("C"),
    }
    assert reported(load_files(files)) == []


def test_a_tenant_below_a_tenant(load_files: Load, reported: Reported, campaign: Campaign, tenant: str) -> None:
    files = {
        "tenant.yaml": tenant,
        "x.yaml": campaign("CAM_001", "One"),
        "in/tenant.yaml": "name: inner\nbaseUri: https://b.incontact.com\n",
        "in/y.yaml": campaign("CAM_002", "Two"),
    }
    for path in (".", "in"):
        desired = load_files(files, path)
        assert "in/tenant.yaml:1:1 schema" in reported(desired)
        assert [loaded.settings.name for loaded in desired.tenants] == ["acme"]
        assert all(schedule.name != "Two" for schedule in desired.tenants[0].schedules)
