"""The JSON Schemas of every document, wherever the program was installed from, and the copies that editors read.

They lie at the top of this repository; a wheel carries them inside the package. A file of schedules names its schema by a
relative path, so a repository that holds schedules has a folder `schemas` of its own, with copies.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from .model import JsonObject

EDITOR_SCHEMAS = ("tenant", "defaults", "campaign", "admin-campaign")
"""The kinds of files that people write."""

_SUFFIX = ".schema.json"
_FOLDER = "schemas"
_INSIDE = Path(__file__).parent / _FOLDER
SCHEMA_FOLDER = _INSIDE if _INSIDE.is_dir() else _INSIDE.parents[1] / _FOLDER
"""The folder that holds `*.schema.json`."""


def load_schema(name: str) -> JsonObject:
    """A fresh copy of the schema `name` (`campaign`, `defaults`, `tenant`, `plan`, `result`), complete in itself.

    References to a sibling (`campaign.schema.json#/$defs/window`) become references to its `$defs` in the copy, so that
    a validator needs no registry and reads nothing.
    """
    text = (SCHEMA_FOLDER / f"{name}{_SUFFIX}").read_text(encoding="utf-8")
    reference = f'"campaign{_SUFFIX}#/'
    schema: JsonObject = json.loads(text.replace(reference, '"#/'))
    if reference in text:
        sibling = json.loads((SCHEMA_FOLDER / f"campaign{_SUFFIX}").read_text(encoding="utf-8"))
        schema["$defs"] = {**sibling["$defs"], **schema.get("$defs", {})}
    return schema


def editor_copies() -> Mapping[str, bytes]:
    """The schemas of what people write, by the names of their files."""
    names = [f"{kind}{_SUFFIX}" for kind in EDITOR_SCHEMAS]
    return {name: (SCHEMA_FOLDER / name).read_bytes() for name in names}


def nearest_schema(folder: Path, root: Path, kind: str) -> Path | None:
    """The schema that the files in a folder name: that of the nearest folder `schemas` in it or above, below the `root` of
    their repository (without one, below the current directory too); None where there is none."""
    top = _top(root)
    for above in (folder, *folder.parents):
        schema = above / _FOLDER / f"{kind}{_SUFFIX}"
        if schema.is_file():
            return schema
        if above == top:
            break
    return None


def copies_folder(folder: Path, root: Path) -> Path:
    """Where copies for the files in a folder are, or belong if there are none: `schemas` in the current directory where the
    folder lies below it, else at the top of the repository, else in the outermost folder of the schedules."""
    schemas = (nearest_schema(folder, root, kind) for kind in EDITOR_SCHEMAS)
    if (schema := next(filter(None, schemas), None)) is not None:
        return schema.parent
    here, top = Path.cwd().resolve(), _top(root)
    is_between = here in (folder, *folder.parents) and top in (here, *here.parents)
    return (here if is_between else top) / _FOLDER


def _top(root: Path) -> Path:
    here = Path.cwd().resolve()
    return here if here in root.parents and not (root / ".git").exists() else root
