"""The tables of the wire format hold all fields of a PUT, and no more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reconciler.cxone import shape

if TYPE_CHECKING:
    from collections.abc import Callable


def test_the_tables_are_the_put_body(body: Callable[..., dict[str, Any]]) -> None:
    put = body()
    assert shape.names(shape.SCHEDULE) == put.keys()
    assert shape.names(shape.WINDOW) == put["scheduleDetails"][0].keys()
    assert shape.names(shape.BLACKOUT) == put["blackoutPeriods"][0].keys()
    assert shape.names(shape.RULES) == put["complianceRules"].keys()


def test_a_flag_is_no_number_and_a_number_no_flag() -> None:
    kinds = {field.name: field.types for field in (*shape.WINDOW, *shape.BLACKOUT)}
    assert bool not in kinds["maxCallsPerDay"]
    assert int not in kinds["appliesToAllDays"]
