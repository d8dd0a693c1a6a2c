"""Which webhooks are missing, and which are not what they should be."""

from __future__ import annotations

import pytest

from reconciler.findings import Finding, Severity
from reconciler.model import Webhook
from reconciler.webhooks import WebhookDiff, compare_webhooks, wanted_webhook

URL = "https://wfm.example.com/hook"
X = wanted_webhook("x", URL)
OTHER = Webhook("Somebody's own", URL, (), "ENABLED")


def test_a_schedule_has_one_webhook_with_both_events() -> None:
    assert wanted_webhook("x", URL) == Webhook(
        "WFM_Sync_x", URL, ("campaign.schedule.updated", "dialer.schedule.activated"), "ENABLED"
    )


def test_every_managed_schedule_lacks_one_until_it_is_registered() -> None:
    missing = compare_webhooks(["y", "x", "y"], ["y"], URL, (OTHER,))
    assert missing == WebhookDiff((X, wanted_webhook("y", URL)))
    assert compare_webhooks(["y", "x"], [], URL, (OTHER, *missing.missing)) == WebhookDiff(())


def test_where_the_list_is_not_known_only_new_schedules_get_one() -> None:
    assert compare_webhooks(["x", "y"], ["y"], URL, None).missing == (wanted_webhook("y", URL),)


@pytest.mark.parametrize(
    ("there", "words"),
    [
        (X._replace(url="https://old.example.com"), f"the url 'https://old.example.com' instead of {URL!r}"),
        (X._replace(status="DISABLED"), "the status 'DISABLED' instead of 'ENABLED'"),
        (
            X._replace(events=("campaign.schedule.updated",)),
            "the events 'campaign.schedule.updated' instead of 'campaign.schedule.updated, dialer.schedule.activated'",
        ),
        (
            X._replace(url="http://x", status="DISABLED"),
            f"the url 'http://x' instead of {URL!r}, the status 'DISABLED' instead of 'ENABLED'",
        ),
    ],
)
def test_one_that_differs_is_told_and_not_registered_again(there: Webhook, words: str) -> None:
    assert compare_webhooks(["x"], [], URL, (OTHER, there)) == WebhookDiff(
        (),
        (
            Finding(
                Severity.WARNING,
                "webhook-differs",
                f"webhook WFM_Sync_x is there already with {words}, so workforce management may not hear of its schedule; "
                "the API cannot change a webhook, so correct it in the console, or delete it there and apply again",
            ),
        ),
    )


def test_a_second_one_of_the_name_that_leads_elsewhere_is_told_in_either_order() -> None:
    elsewhere = X._replace(url="https://elsewhere.example.com")
    for there in ((X, elsewhere), (elsewhere, X)):
        compared = compare_webhooks(["x"], [], URL, there)
        assert compared.missing == ()
        assert [finding.code for finding in compared.findings] == ["webhook-differs", "webhook-duplicate"]
        assert "elsewhere" in compared.findings[0].message


def test_two_of_one_name_are_told_however_equal() -> None:
    compared = compare_webhooks(["x"], [], URL, (X, X, X))

    assert compared.missing == ()
    assert [(finding.severity, finding.code) for finding in compared.findings] == [
        (Severity.WARNING, "webhook-duplicate")
    ]
    assert "registered 3 times" in compared.findings[0].message


def test_findings_and_webhooks_are_sorted() -> None:
    there = [wanted_webhook(letter, URL)._replace(status="DISABLED") for letter in "cab"]
    compared = compare_webhooks(["f", "c", "e", "a", "b"], [], URL, tuple(there))
    assert [webhook.name for webhook in compared.missing] == ["WFM_Sync_e", "WFM_Sync_f"]
    assert [finding.message.split()[1] for finding in compared.findings] == [
        "WFM_Sync_a",
        "WFM_Sync_b",
        "WFM_Sync_c",
    ]
