"""The JSON Schemas of every document, wherever the program was installed from.

They lie at the top of the repository, where editors find them; a wheel carries them inside the package.
"""

from __future__ import annotations

import json
from pathlib import Path

from .model import JsonObject

_SUFFIX = ".schema.json"


def schema_folder() -> Path:
    """The folder that holds `*.schema.json`."""
    package = Path(__file__).parent
    inside = package / "schemas"
    return inside if inside.is_dir() else package.parent / "schemas"


def load_schema(name: str) -> JsonObject:
    """A fresh copy of the schema `name` (`campaign`, `defaults`, `tenant`, `plan`, `result`), complete in itself.

    References to a sibling (`campaign.schema.json#/$defs/window`) become references to its `$defs` in the copy, so that
    a validator needs no registry and reads nothing.
    """
    schema: JsonObject = json.loads(_text(name))
    reference, text = f'"campaign{_SUFFIX}#/', json.dumps(schema)
    if reference in text:
        schema = json.loads(text.replace(reference, '"#/'))
        schema["$defs"] = {**json.loads(_text("campaign"))["$defs"], **schema.get("$defs", {})}
    return schema


def _text(name: str) -> str:
    return (schema_folder() / f"{name}{_SUFFIX}").read_text(encoding="utf-8")
