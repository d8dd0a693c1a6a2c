"""A file that another reader of YAML understands otherwise is not written."""

from __future__ import annotations

import pytest

from reconciler.errors import ReconcilerError
from reconciler.importing.edit.new_files import prove


def test_a_text_that_says_the_data_is_given_back() -> None:
    text = 'a: "09:00"\nb: [yes, 1.5]\n'
    assert prove(text, {"a": "09:00", "b": ["yes", 1.5]}) == text


@pytest.mark.parametrize("text", ["a: 1\n", "a: '1\n", "b: x\n", "a: x\n---\na: x\n"])
def test_any_other_text_is_refused(text: str) -> None:
    with pytest.raises(ReconcilerError, match="no file was changed"):
        prove(text, {"a": "x"})
