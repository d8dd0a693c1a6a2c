"""Files that import writes anew: a campaign's schedules, and a tenant.yaml."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from ..model import JsonObject, LiveSchedule
from .emit import Layout, mapping_lines
from .schedules import new_entries
from .second_reader import prove

_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9.]+")


def campaign_text(campaign_id: str, schedules: Iterable[LiveSchedule], schema: str | None) -> str:
    """A campaign file with these schedules, by name and id; `schema` is the path from the file to its JSON Schema."""
    data = {"campaignId": campaign_id, "schedules": new_entries(schedules)}
    return _text(data, schema)


def tenant_text(name: str, base_uri: str, schema: str | None) -> str:
    """A tenant.yaml with what it must have."""
    return _text({"name": name, "baseUri": base_uri}, schema)


def tenant_name(base_uri: str) -> str:
    """A name for the tenant of a base URI: its host, less what a name may not hold."""
    host = urlsplit(base_uri).hostname or ""
    return _NOT_IN_NAMES.sub("-", host).strip(".-")[:64] or "tenant"


def _text(data: JsonObject, schema: str | None) -> str:
    lines = mapping_lines(data, 0, Layout())
    if schema is not None:
        lines.insert(0, f"# yaml-language-server: $schema={schema}")
    return prove("".join(f"{line}\n" for line in lines), data)
