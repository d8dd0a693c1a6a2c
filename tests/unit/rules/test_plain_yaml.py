"""The composer of the package's own data, held against a general loader."""

from __future__ import annotations

import pytest
from ruamel.yaml import YAML

from reconciler.rules.plain_yaml import compose

DOCUMENT = b"""
# a comment
week: &week {MONDAY: [{from: "08:00", to: "20:00"}], SUNDAY: []}
again: *week
text: &name 'one: two'
same: *name
"""


def test_it_reads_what_a_general_loader_reads() -> None:
    assert compose(DOCUMENT) == YAML(typ="safe").load(DOCUMENT)


def test_nothing_is_guessed_about_scalars() -> None:
    assert compose(b"a: 08:00\nb: 2026-11-22\nc: [no, 1]\n") == {
        "a": "08:00",
        "b": "2026-11-22",
        "c": ["no", "1"],
    }


def test_a_repeated_key_is_refused() -> None:
    with pytest.raises(ValueError, match="line 2 repeats the key 'a'"):
        compose(b"a: 1\na: 2\n")
