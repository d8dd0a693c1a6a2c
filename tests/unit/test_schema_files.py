from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import jsonschema_rs
import pytest

from reconciler.schema_files import SCHEMA_FOLDER, load_schema

_NAMES = ("admin-campaign", "campaign", "defaults", "tenant")


def _references(node: Any) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
        return own + [found for value in node.values() for found in _references(value)]
    return [found for value in node for found in _references(value)] if isinstance(node, list) else []


def _refuse(uri: str) -> Any:
    raise AssertionError(f"{uri} must not be needed")


@pytest.mark.parametrize("name", _NAMES)
def test_a_schema_is_complete_in_itself(name: str) -> None:
    schema = load_schema(name)
    assert all(reference.startswith("#/$defs/") for reference in _references(schema))
    jsonschema_rs.meta.validate(schema)
    jsonschema_rs.validator_for(schema, retriever=_refuse)
    assert load_schema(name) == schema
    assert load_schema(name) is not schema


@pytest.mark.parametrize("name", _NAMES)
def test_every_mapping_is_closed_and_every_field_explained(name: str) -> None:
    schema = load_schema(name)
    definitions = schema.get("$defs", {})

    def titled(field: dict[str, Any]) -> bool:
        reference = field.get("$ref", "").removeprefix("#/$defs/")
        return "title" in field or (bool(reference) and titled(definitions[reference]))

    def walk(node: Any, path: str) -> None:
        if not isinstance(node, dict):
            return
        if node.get("type") == "object":
            assert "additionalProperties" in node, path
        for key, field in node.get("properties", {}).items():
            assert titled(field) or path.endswith(("hours", "severities")), f"{path}.{key}"
        for key, value in node.items():
            if key not in ("if", "then", "else"):  # conditions on fields that are explained where they are defined
                walk(value, f"{path}.{key}")

    walk(schema, name)


def test_files_that_editors_read_refer_to_their_siblings() -> None:
    text = (SCHEMA_FOLDER / "defaults.schema.json").read_text("utf-8")
    named = {reference.split("#")[0] for reference in _references(json.loads(text))}
    assert named == {"campaign.schema.json"}
    assert (SCHEMA_FOLDER / "campaign.schema.json").is_file()


def test_an_unknown_name() -> None:
    with pytest.raises(FileNotFoundError):
        load_schema("nowhere")


def test_the_tenant_schema_knows_every_field_of_the_calling_hours() -> None:
    folder = files("reconciler.rules.data")
    shipped = json.loads(folder.joinpath("calling_hours.schema.json").read_text("utf-8"))
    row, rule = shipped["$defs"]["row"], load_schema("tenant")["$defs"]["rule"]
    assert set(rule["properties"]) == set(row["properties"])
    assert set(rule["required"]) == set(row["required"])
