"""A second opinion on the files that import writes: what ruamel.yaml reads in them.

It shares no code with our loader, which reads through libyaml. Where the two agree on every value, so will whatever else
reads the file: an editor, a linter, a colleague's script.
"""

from __future__ import annotations

from typing import Any

from ..errors import UnwritableError


def prove(text: str, data: Any) -> str:
    """The text again, if a reader of YAML 1.2 finds `data` in it and nothing else; UnwritableError otherwise."""
    from ruamel.yaml import YAML  # 100 ms that only import pays
    from ruamel.yaml.error import YAMLError

    try:
        found = YAML(typ="safe", pure=True).load(text)
    except YAMLError as error:
        raise _unwritable(str(error).partition("\n")[0]) from None
    if found != data:
        raise _unwritable("another reader of YAML finds other values in it")
    return text


def _unwritable(reason: str) -> UnwritableError:
    return UnwritableError(
        f"a file to be written would not say what the tenant holds: {reason}; no file was changed",
        hint="this is a fault of the reconciler: report it with the schedule as the tenant shows it",
    )
