"""Reading a saved plan: what is no whole plan of this format version is refused, with the way to what is wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ..errors import RefusedError
from ..model import JsonObject, Plan
from ..strict_json import decode_json
from .kinds import FORMAT_VERSION, OBJECT, Kind, many, refuse_document
from .plan_document import PLAN

MAX_PLAN_CHARACTERS = 512 * 1024 * 1024
"""About five times the plan of 100,000 creates; a larger file is no plan."""

_MAX_DEPTH = 60
_TOO_DEEP = "the plan file cannot be read: its values are nested too deeply"


def read_plans(file: Path) -> tuple[Plan, ...]:
    """The plans of a file; RefusedError where it cannot be read or is no plan."""
    try:
        if file.stat().st_size > 4 * MAX_PLAN_CHARACTERS:
            raise RefusedError(f"the plan {file} is too large to be one")
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise RefusedError(f"the plan {file} cannot be read: {reason}") from None
    plans = parse_plans(text)
    if not plans:
        raise RefusedError(f"the file {file} holds no plan at all")
    return plans


def parse_plans(text: str) -> tuple[Plan, ...]:
    """The plans of a saved plan file, of one tenant or of several.

    Raises RefusedError, saying what is wrong and where, for anything that is not a whole plan of this format version.
    """
    root = _load(text)
    _check_version(root, "")
    if "plans" not in root:
        return (_plan(root, ""),)
    plans: tuple[Plan, ...] = many(Kind("an object", OBJECT.fits, from_json=_plan)).read(root, "plans", "")
    if len({plan.tenant for plan in plans}) < len(plans):
        refuse_document("the plan file cannot be read: it holds two plans of one tenant")
    return plans


def _plan(holder: JsonObject, way: str) -> Plan:
    _check_version(holder, way)
    plan: Plan = PLAN.from_json(holder, way)
    if len({change.key for change in plan.changes}) < len(plan.changes):
        where = f"{way}.changes" if way else "changes"
        refuse_document(f"the plan file cannot be read: {where} holds two changes of one schedule")
    for revision, attribute in ((plan.base, "in_base"), (plan.applied, "in_applied")):
        if any((getattr(change, attribute) is None) != (revision is None) for change in plan.changes):
            refuse_document("the plan file cannot be read: its changes do not fit its base and applied revision")
    return plan


def _load(text: str) -> JsonObject:
    if len(text) > MAX_PLAN_CHARACTERS:
        refuse_document(f"the plan file is too large: more than {MAX_PLAN_CHARACTERS} characters")
    try:
        value = decode_json(text.removeprefix("\ufeff"))
    except RecursionError:
        refuse_document(_TOO_DEEP)
    except json.JSONDecodeError as error:
        refuse_document(f"the plan file is not JSON: {error.msg} (line {error.lineno}, column {error.colno})")
    except ValueError as error:
        refuse_document(f"the plan file cannot be read: {error}")
    if not isinstance(value, dict):
        refuse_document("the plan file holds no plan: it is JSON, but not an object")
    _check_depth(value)
    return value


def _check_depth(value: JsonObject) -> None:
    """Refuse what other stages could not walk by recursion, level by level so that this one does not recurse."""
    level: list[Any] = [value]
    for _ in range(_MAX_DEPTH):
        below = [child for node in level for child in (node.values() if isinstance(node, dict) else node)]
        level = [child for child in below if isinstance(child, (dict, list))]
        if not level:
            return
    refuse_document(_TOO_DEEP)


def _check_version(holder: JsonObject, way: str) -> None:
    version = holder.get("formatVersion")
    if version != FORMAT_VERSION:
        what = "no formatVersion" if version is None else f"formatVersion {ascii(version)[:40]}"
        refuse_document(
            f"the plan file cannot be read: {f'{way} ' if way else 'the file '}has {what}, and this version of the "
            f'reconciler reads formatVersion "{FORMAT_VERSION}" only'
        )
