"""Credentials come from the environment alone, and their secret is in no text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reconciler.cxone import Credentials, credentials_from
from reconciler.errors import CredentialsMissingError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from reconciler.settings import TenantSettings


def test_reads_the_named_variables_and_nothing_else(settings: Callable[..., TenantSettings]) -> None:
    environ = {"CXONE_A": "id", "CXONE_B": "secret", "CXONE_CLIENT_ID": "no", "CXONE_CLIENT_SECRET": "no"}
    tenant = settings(client_id_env="CXONE_A", client_secret_env="CXONE_B")
    assert credentials_from(tenant, environ) == Credentials("id", "secret")


def test_takes_blanks_and_line_ends_off(settings: Callable[..., TenantSettings]) -> None:
    environ = {"CXONE_CLIENT_ID": " id\n", "CXONE_CLIENT_SECRET": "secret\r\n"}
    assert credentials_from(settings(), environ) == Credentials("id", "secret")


@pytest.mark.parametrize(
    ("value", "doubt"),
    [
        ("s3cret", ""),
        ("$3cret%and<more>", ""),
        ("s3cret\n", "has a blank or a line end around it, which was left out"),
        ("s3cret\\n", "ends with a backslash and a letter, where a line end may be meant"),
        ('"s3cret"', "is in quotation marks"),
        ("s3c\nret", "has a blank or a line end inside"),
        ("Basic s3cret", "has a blank or a line end inside"),
        ("s3cret\u200b", "has an invisible or a special character"),
        ("\ufeffs3cret", "has an invisible or a special character"),
        ("${{ secrets.CXONE }}", "looks like a placeholder that was not filled in"),
        ("$CXONE", "looks like a placeholder that was not filled in"),
    ],
)
def test_what_is_strange_about_a_variable_is_said_without_its_value(
    value: str, doubt: str, settings: Callable[..., TenantSettings]
) -> None:
    credentials = credentials_from(settings(), {"CXONE_CLIENT_ID": "id", "CXONE_CLIENT_SECRET": value})
    assert credentials.doubts == ((f"CXONE_CLIENT_SECRET {doubt}",) if doubt else ())


@pytest.mark.parametrize(
    ("environ", "named", "unnamed"),
    [
        ({}, ["CXONE_CLIENT_ID and CXONE_CLIENT_SECRET are not set"], []),
        ({"CXONE_CLIENT_ID": "id"}, ["CXONE_CLIENT_SECRET is not set"], ["CXONE_CLIENT_ID"]),
        ({"CXONE_CLIENT_SECRET": "hush"}, ["CXONE_CLIENT_ID is not set"], ["CXONE_CLIENT_SECRET", "hush"]),
        ({"CXONE_CLIENT_ID": " ", "CXONE_CLIENT_SECRET": "\n"}, ["CXONE_CLIENT_ID and"], []),
    ],
)
def test_names_tenant_and_variables_that_are_missing(
    environ: dict[str, str], named: list[str], unnamed: list[str], settings: Callable[..., TenantSettings]
) -> None:
    with pytest.raises(CredentialsMissingError) as caught:
        credentials_from(settings(), environ)
    assert all(text in caught.value.message for text in ["tenant acme", *named])
    assert not any(text in caught.value.message for text in unnamed)
    assert "schedules/tenant.yaml" in caught.value.hint
    assert "--sandbox" in caught.value.hint


def test_refuses_a_client_id_that_the_basic_scheme_cannot_carry(
    settings: Callable[..., TenantSettings],
) -> None:
    with pytest.raises(UsageError, match="colon") as caught:
        credentials_from(settings(), {"CXONE_CLIENT_ID": "id:hush", "CXONE_CLIENT_SECRET": "hush"})
    assert "hush" not in str(caught.value) + caught.value.hint


def test_secret_is_in_no_text() -> None:
    assert "hush" not in f"{Credentials('id', 'hush')!r} {Credentials('id', 'hush')}"
