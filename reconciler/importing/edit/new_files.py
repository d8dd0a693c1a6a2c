"""Files that import writes anew: a campaign's schedules, and a tenant.yaml."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterable
from typing import Any
from urllib.parse import urlsplit

from ...errors import ReconcilerError
from ...model import JsonObject, LiveSchedule
from .entries import new_entries
from .page import Layout, mapping_lines

_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9.]+")


def campaign_text(campaign_id: str, schedules: Iterable[LiveSchedule], schema: str | None) -> str:
    """A campaign file with these schedules, by name and id; `schema` is the path from the file to its JSON Schema."""
    data = {"campaignId": campaign_id, "schedules": new_entries(schedules)}
    return _text(data, schema)


def tenant_text(name: str, base_uri: str | None, schema: str | None) -> str:
    """A tenant.yaml with what it must have."""
    return _text({"name": name, **({} if base_uri is None else {"baseUri": base_uri})}, schema)


def tenant_name(base_uri: str) -> str:
    """A name for the tenant of a base URI: its host, less what a name may not hold."""
    host = urlsplit(base_uri).hostname or ""
    return _NOT_IN_NAMES.sub("-", host).strip(".-")[:64] or "tenant"


def _text(data: JsonObject, schema: str | None) -> str:
    lines = mapping_lines(data, 0, Layout())
    if schema is not None:
        lines.insert(0, f"# yaml-language-server: $schema={schema}")
    return prove("".join(f"{line}\n" for line in lines), data)


_LONGEST = 60
_OTHER = re.compile(r"[^a-z0-9_]+")
# Names that Windows keeps for devices, whatever follows a dot, and those that mean something here.
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9]|conin|conout|clock|tenant|defaults)", re.ASCII)


def file_name(campaign_id: str, taken: Collection[str]) -> str:
    """A name such as `cam_001.yaml` that is not among the `taken` ones, which are compared as if in lower case.

    Lower case, because some file systems ignore case. Only ASCII letters, digits, `_` and `-`; what is left out
    or taken already is made up for by a few digits of a hash of the id, so the same id gets the same name everywhere.
    """
    occupied = {name.casefold() for name in taken}
    plain = unicodedata.normalize("NFKD", campaign_id).encode("ascii", "ignore").decode("ascii").lower()
    stem = _OTHER.sub("-", plain).strip("-_")[:_LONGEST].rstrip("-_")
    if not stem or _RESERVED.fullmatch(stem):
        stem = f"campaign-{stem}".rstrip("-")
    digits = hashlib.sha256(campaign_id.encode("utf-8", "surrogatepass")).hexdigest()
    candidates = (stem, *(f"{stem}-{digits[:length]}" for length in range(8, len(digits) + 1, 8)))
    for candidate in candidates:
        if not {f"{candidate}.yaml", f"{candidate}.yml"} & occupied:
            return f"{candidate}.yaml"
    raise FileExistsError(f"every file name for campaign {campaign_id} is taken")


def prove(text: str, data: Any) -> str:
    """The text again, if a reader of YAML 1.2 finds `data` in it and nothing else; ReconcilerError otherwise."""
    from ruamel.yaml import YAML  # 100 ms that only import pays
    from ruamel.yaml.error import YAMLError

    try:
        read_back = YAML(typ="safe", pure=True).load(text)
    except YAMLError as error:
        raise _unwritable(str(error).partition("\n")[0]) from None
    if read_back != data:
        raise _unwritable("another reader of YAML finds other values in it")
    return text


def _unwritable(reason: str) -> ReconcilerError:
    return ReconcilerError(
        f"a file to be written would not say what the tenant holds: {reason}; no file was changed",
        hint="this is a fault of the reconciler: report it with the schedule as the tenant shows it",
    )
