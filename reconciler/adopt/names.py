"""File names for campaigns: the same everywhere, on every file system, and never outside their folder."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Collection

_LONGEST = 60
_OTHER = re.compile(r"[^a-z0-9_]+")
# Names that Windows keeps for devices, whatever follows a dot, and those that mean something here.
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9]|conin|conout|clock|tenant|defaults)", re.ASCII)


def file_name(campaign_id: str, taken: Collection[str]) -> str:
    """A name such as `cam_001.yaml` that is not among the `taken` ones, which are compared as if in lower case.

    Lower case, because some file systems tell no case apart. Only ASCII letters, digits, `_` and `-`; what is left out
    or taken already is made up for by a few digits of a hash of the id, so the same id gets the same name everywhere.
    """
    occupied = {name.casefold() for name in taken}
    plain = unicodedata.normalize("NFKD", campaign_id).encode("ascii", "ignore").decode("ascii").lower()
    stem = _OTHER.sub("-", plain).strip("-_")[:_LONGEST].rstrip("-_")
    if not stem or _RESERVED.fullmatch(stem):
        stem = f"campaign-{stem}".rstrip("-")
    digits = hashlib.sha256(campaign_id.encode("utf-8", "surrogatepass")).hexdigest()
    candidates = (stem, *(f"{stem}-{digits[:length]}" for length in range(8, len(digits) + 1, 8)))
    for each in candidates:
        if not {f"{each}.yaml", f"{each}.yml"} & occupied:
            return f"{each}.yaml"
    raise FileExistsError(f"every file name for campaign {campaign_id} is taken")
