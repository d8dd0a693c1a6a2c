from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.yaml import parse_yaml
from reconciler.yaml.scalars import ScalarValue, plain_value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("~", None),
        ("null", None),
        ("Null", None),
        ("NULL", None),
        ("nULL", "nULL"),
        ("true", True),
        ("True", True),
        ("FALSE", False),
        ("tRUE", "tRUE"),
        ("yes", "yes"),
        ("no", "no"),
        ("on", "on"),
        ("off", "off"),
        ("y", "y"),
        ("0", 0),
        ("-7", -7),
        ("+12", 12),
        ("0800", 800),
        ("0o17", 15),
        ("0x1F", 31),
        ("-0x1F", "-0x1F"),
        ("0b11", "0b11"),
        ("1_000", "1_000"),
        ("1,000", "1,000"),
        ("09:00", "09:00"),
        ("9:00", "9:00"),
        ("2026-11-22", "2026-11-22"),
        ("1.5", 1.5),
        ("1.", 1.0),
        (".5", 0.5),
        ("-.5e-3", -0.0005),
        ("1e3", 1000.0),
        ("1E+3", 1000.0),
        ("e3", "e3"),
        (".", "."),
        ("+", "+"),
        ("-", "-"),
        ("1.2.3", "1.2.3"),
        (".inf", ".inf"),
        ("-.INF", "-.INF"),
        (".nan", ".nan"),
        ("1e999", "1e999"),
        ("\u0661", "\u0661"),
        ("1\n", "1\n"),
        ("9" * 400, int("9" * 400)),
        ("9" * 401, "9" * 401),
        ("0." + "1" * 500, "0." + "1" * 500),
    ],
)
def test_core_schema(text: str, value: ScalarValue) -> None:
    found = plain_value(text)
    assert found == value
    assert type(found) is type(value)


@given(st.text(max_size=12) | st.from_regex(r"[-+]?[0-9.eExo_:]{0,12}", fullmatch=True))
def test_every_value_can_be_written_as_json(text: str) -> None:
    value = plain_value(text)
    assert json.loads(json.dumps(value, allow_nan=False)) == value


@given(st.integers(-(10**30), 10**30) | st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_come_back(number: float) -> None:
    value = plain_value(repr(number))
    assert value == number
    assert isinstance(value, float) is isinstance(number, float)
    assert not isinstance(value, float) or math.copysign(1, value) == math.copysign(1, number)


def test_equal_values_are_one_object() -> None:
    first = plain_value("".join(["Ameri", "ca"]))
    assert first == "America"
    assert plain_value("".join(["Amer", "ica"])) is first
    assert plain_value("5000") == 5000
    (first_file,), (second_file,) = (parse_yaml(b'"09:00": x').documents for _ in range(2))
    assert next(iter(first_file.data)) is next(iter(second_file.data))
