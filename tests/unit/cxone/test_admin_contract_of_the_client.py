"""What the client of the Admin API sends is held against the OpenAPI document: each request of a run, and every body of a PUT."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import jsonschema
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from reconciler import canonical
from reconciler.cxone.skill_week import held_week, live_schedule, written_week
from reconciler.model import WEEKDAYS, JsonObject
from tests.support.admin_world import admin_world, fill

CONTRACT: dict[str, Any] = YAML(typ="safe").load(Path(__file__).parents[2] / "contract" / "cxone-admin.openapi.yaml")
SCHEMAS = CONTRACT["components"]["schemas"]
PARTS = ("StartTime", "EndTime")

minutes = st.integers(1, 1438)
flags = st.sampled_from([True, False, "True", "False", "true"])


def test_every_request_of_a_run_is_in_the_document(tmp_path: Path) -> None:
    world = admin_world(tmp_path)
    with world.box:
        fill(world)
        world.campaign("1003")
        assert world.result().converged
        seen = {(one.method, one.path, one.query) for one in world.box.log}
    described = {}
    for path, item in CONTRACT["paths"].items():
        for method in ("get", "put", "post"):
            if method in item:
                parameters = [*item.get("parameters", ()), *item[method].get("parameters", ())]
                resolved = [_resolved(parameter) for parameter in parameters]
                query = {parameter["name"] for parameter in resolved if parameter["in"] == "query"}
                template = re.escape(path).replace(r"\{version\}", r"v[0-9]+\.0").replace(r"\{skillId\}", "[0-9]+")
                described[method.upper(), template] = query
    for method, path, asked in seen:
        (allowed,) = [
            names for (verb, template), names in described.items() if verb == method and re.fullmatch(template, path)
        ]
        assert {part.partition("=")[0] for part in asked.split("&") if part} <= allowed, path
    assert {method for method, _, _ in seen} == {"GET", "POST", "PUT"}


def _resolved(parameter: JsonObject) -> JsonObject:
    name = parameter.get("$ref", "").rpartition("/")[2]
    resolved: JsonObject = CONTRACT["components"]["parameters"][name] if name else parameter
    return resolved


@st.composite
def weeks(draw: st.DrawFn) -> JsonObject:
    """The 22 fields as a tenant may send them."""
    fields: JsonObject = {"isScheduled": draw(flags)}
    for day in map(str.lower, WEEKDAYS):
        active = fields[f"{day}IsActive"] = draw(flags)
        start = draw(st.integers(0, 1437))
        times = [start, draw(st.integers(start + 1, 1438))]
        seconds = draw(st.sampled_from(["", ":00"]))
        for part, total in zip(PARTS, times, strict=True):
            time = f"{total // 60:02}:{total % 60:02}{seconds}"
            closed = str(active).lower() == "false"
            fields[f"{day}{part}"] = draw(st.sampled_from([time, None, ""])) if closed else time
    return fields


@given(weeks(), st.sets(st.sampled_from(WEEKDAYS), min_size=1), minutes)
def test_every_body_fits_and_changes_no_closed_day(raw: JsonObject, days: set[str], start: int) -> None:
    held = held_week(raw, "4711")
    end = canonical.clock((start + 1) * 60)
    windows = [{"dayOfWeek": day, "startTime": canonical.clock(start * 60), "endTime": end} for day in sorted(days)]
    content = canonical.content_of({"name": "Late", "timezone": "UTC", "scheduleDetails": windows, "isScheduled": True})

    written = written_week(canonical.body("1001", "4711", content), held)

    jsonschema.Draft202012Validator(_as_json_schema(SCHEMAS["ScheduleSettingsWritten"])).validate(
        {name: value or None for name, value in written.items() if not isinstance(value, bool)}
        | {name: value for name, value in written.items() if isinstance(value, bool)}
    )
    for day in WEEKDAYS:
        if day not in days:
            for part in PARTS:
                assert written[f"{day.lower()}{part}"] == held[f"{day.lower()}{part}"]
    read_again = live_schedule(held_week(written, "4711"), "1001", "4711", "Late", "UTC")
    assert (read_again.content, read_again.extras) == (content, ())


def _as_json_schema(schema: Any) -> Any:
    """A schema of OpenAPI 3.0 as JSON Schema: `nullable` is a type."""
    if isinstance(schema, list):
        return [_as_json_schema(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _as_json_schema(SCHEMAS[schema["$ref"].rpartition("/")[2]])
    plain = {key: _as_json_schema(value) for key, value in schema.items() if key != "nullable"}
    return {**plain, "type": [plain["type"], "null"]} if schema.get("nullable") else plain
