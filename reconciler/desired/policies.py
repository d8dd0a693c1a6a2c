"""The policy schemas that a `tenant.yaml` names: files of the repository that need nothing from elsewhere."""

from __future__ import annotations

import json
import posixpath
from typing import Any

import jsonschema_rs

from ..files import File, Source
from ..findings import Finding, Severity
from ..model import JsonObject
from ..yaml import FileFault, parse_yaml
from .places import FilePlaces
from .salvage import known_names


def load_policies(
    source: Source, places: FilePlaces, folder: str, data: JsonObject
) -> tuple[tuple[tuple[str, JsonObject], ...], tuple[Finding, ...]]:
    """The schemas that a tenant.yaml in `folder` names under `policySchemas`, by their path there, and what is wrong with the
    others; `data` is the file as far as it is known."""
    loaded, findings = [], []
    for number, path in known_names(data, "policySchemas").items():
        schema = load_policy(source, folder, path)
        if isinstance(schema, FileFault):
            place = places.locate(("policySchemas", number))
            findings.append(Finding(Severity.ERROR, schema.code, schema.message, place))
        else:
            loaded.append((path, schema))
    return tuple(loaded), tuple(findings)


def load_policy(source: Source, folder: str, path: str) -> JsonObject | FileFault:
    """The policy schema that a tenant.yaml in `folder` names as `path`, or the fault of that entry (without a place)."""
    if "://" in path:
        return FileFault("file-unsafe", "a policy schema is a file of this repository, and no URL is read")
    if path.startswith("/"):
        return FileFault("file-unsafe", f"the policy schema {path!r} must be a path relative to tenant.yaml")
    file = source.file(posixpath.join(folder, path))
    if file is None:
        return FileFault(
            "file-unreadable",
            f"the policy schema {path!r} does not exist; its path is relative to tenant.yaml",
        )
    if isinstance(file, Finding):
        return FileFault(file.code, f"the policy schema {path!r}: {file.message}")
    schema = _policy_content(source, file, path)
    return schema if isinstance(schema, FileFault) else _checked_policy(schema, path)


def _policy_content(source: Source, file: File, path: str) -> Any:
    data = next(source.read((file,)))
    if isinstance(data, Finding):
        return FileFault(data.code, f"the policy schema {path!r}: {data.message}")
    if path.lower().endswith((".yaml", ".yml")):
        parsed = parse_yaml(data)
        if parsed.faults:
            fault = parsed.faults[0]
            return FileFault(fault.code, f"the policy schema {path!r}, line {fault.line}: {fault.message}")
        return parsed.documents[0].data
    try:
        return json.loads(data)
    except UnicodeDecodeError as error:
        return FileFault("file-unreadable", f"the policy schema {path!r} is not UTF-8: {error.reason}")
    except (ValueError, RecursionError) as error:
        return FileFault("schema", f"the policy schema {path!r} is not JSON: {error}")


def _checked_policy(schema: Any, path: str) -> JsonObject | FileFault:
    """The schema if it is one that needs nothing from elsewhere: a remote reference is refused, never fetched."""
    if not isinstance(schema, dict):
        return FileFault("schema", f"the policy schema {path!r} is not a JSON Schema: it must be an object")
    try:
        jsonschema_rs.validator_for(schema, retriever=_no_retrieval)
    except (ValueError, jsonschema_rs.ReferencingError) as error:  # its ValidationError is a ValueError
        reason = str(error).splitlines()[0][:200]
        return FileFault("schema", f"the policy schema {path!r} is not a JSON Schema that can be used: {reason}")
    return schema


def _no_retrieval(uri: str) -> Any:
    raise ValueError(f"{uri} is not fetched; copy it into the schema under $defs")
