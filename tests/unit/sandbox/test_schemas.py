"""The sandbox's own copy of the request bodies says what the contract says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from reconciler.sandbox.schemas import SCHEDULE, WEBHOOK

CONTRACT = Path(__file__).parents[2] / "contract" / "cxone-dialer.openapi.yaml"
KEYWORDS = ("type", "enum", "minimum", "maximum", "minLength", "minItems")


def shape(schema: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    """A schema with its references resolved and only what decides; server-managed properties left out."""
    if "$ref" in schema:
        return shape(schemas[schema["$ref"].rpartition("/")[2]], schemas)
    found = {keyword: schema[keyword] for keyword in KEYWORDS if keyword in schema}
    if "pattern" in schema:
        found["pattern"] = True
    if "items" in schema:
        found["items"] = shape(schema["items"], schemas)
    if "properties" in schema:
        found["required"] = sorted(schema["required"])
        found["properties"] = {
            name: shape(item, schemas)
            for name, item in schema["properties"].items()
            if not item.get("readOnly")
        }
    return found


def test_the_bodies_are_those_of_the_contract() -> None:
    schemas = YAML(typ="safe").load(CONTRACT)["components"]["schemas"]
    assert shape(SCHEDULE, {}) == shape(schemas["SchedulePut"], schemas)
    assert shape(WEBHOOK, {}) == shape(schemas["Webhook"], schemas)


def test_a_time_is_matched_to_its_very_end() -> None:
    pattern = SCHEDULE["properties"]["scheduleDetails"]["items"]["properties"]["startTime"]["pattern"]
    assert all(re.search(pattern, time) for time in ("00:00:00", "09:30:59", "19:00:00", "23:59:59"))
    wrong = ("24:00:00", "9:00:00", "09:60:00", "09:00:60", "09:00", "09:00:00\n", " 09:00:00", "0٩:00:00")
    assert not any(re.search(pattern, time) for time in wrong)
