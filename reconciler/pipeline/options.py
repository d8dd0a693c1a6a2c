"""What every command passes down, as one value: nothing below the command line reads arguments or the environment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from ..cxone import SYSTEM, Clock

BASE_URI_ENV = "CXONE_BASE_URI"


@dataclass(frozen=True, slots=True)
class Options:
    """`tenants` and `campaigns` narrow, empty is all; `progress` hears what is done, how much of it, of how much.

    The law must hold at `as_of`, and at `today` where that is given. `note` hears why nothing happens for a while. `clock` times every wait for a tenant.
    """

    path: str
    as_of: date
    environ: Mapping[str, str]
    tenants: frozenset[str] = frozenset()
    campaigns: frozenset[str] = frozenset()
    base: str | None = None
    sandbox: bool = False
    progress: Callable[[str, int, int], None] = lambda _what, _done, _total: None
    note: Callable[[str], None] = lambda _text: None
    clock: Clock = SYSTEM
    today: date | None = None
