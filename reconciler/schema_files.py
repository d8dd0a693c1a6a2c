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
    folder = schema_folder()
    text = (folder / f"{name}{_SUFFIX}").read_text(encoding="utf-8")
    reference = f'"campaign{_SUFFIX}#/'
    schema: JsonObject = json.loads(text.replace(reference, '"#/'))
    if reference in text:
        sibling = json.loads((folder / f"campaign{_SUFFIX}").read_text(encoding="utf-8"))
        schema["$defs"] = {**sibling["$defs"], **schema.get("$defs", {})}
    return schema
