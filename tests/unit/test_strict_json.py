"""JSON that two programs could read differently is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.strict_json import RepeatedKeyError, decode_json

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(VALUES)
def test_json_is_read(value: Any) -> None:
    assert decode_json(json.dumps(value)) == value


@pytest.mark.parametrize("text", ["NaN", "-Infinity", "1e999", "9" * 301, '{"a": [{"b": 1, "b": 1}]}', "{", "1 2", ""])
def test_what_is_no_strict_json_is_refused(text: str) -> None:
    with pytest.raises((ValueError, RepeatedKeyError)):
        decode_json(text)


def test_the_first_key_that_repeats_is_named() -> None:
    with pytest.raises(RepeatedKeyError) as caught:
        decode_json('{"a": 1, "b": 2, "a": 3}')
    assert caught.value.key == "a"
