"""Which window (or pause) of a file became which one of the tenant, so that an edit touches as little as it can.

Those that are equal belong together; then those with the same key; then, on the same day, those whose start was moved.
What is left was added or removed.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any, TypeVar

Item = TypeVar("Item")
Key = Callable[[Item], Hashable]


def pair(
    here: Sequence[Item], there: Sequence[Item], keys: Iterable[Callable[[Item], Any]]
) -> tuple[list[Item | None], list[Item]]:
    """For each item `here` its counterpart or None, and what is left over `there`.

    `keys` are tried in turn; two items that agree in one, and are not taken yet, belong together, in their order.
    """
    found: list[Item | None] = [None] * len(here)
    left = list(range(len(there)))
    for key in keys:
        by_key: dict[Any, list[int]] = {}
        for index in left:
            by_key.setdefault(key(there[index]), []).append(index)
        for number, item in enumerate(here):
            if found[number] is None and (same := by_key.get(key(item))):
                found[number] = there[same.pop(0)]
        left = sorted(index for indexes in by_key.values() for index in indexes)
    return found, [there[index] for index in left]
