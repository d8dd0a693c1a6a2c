"""What every command passes down, as one value: nothing below the command line reads arguments or the environment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from ..cxone import SYSTEM, Clock

BASE_URI_ENV = "CXONE_BASE_URI"


def silent(_what: str, _done: int, _total: int) -> None:
    """Progress that nobody sees."""


def unheard(_text: str) -> None:
    """A note that nobody hears."""


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
    progress: Callable[[str, int, int], None] = field(default=silent)
    note: Callable[[str], None] = field(default=unheard)
    clock: Clock = SYSTEM
    today: date | None = None
