"""What the stages need of a place that holds files: the work tree, or any git revision (design §2).

`desired` knows this protocol only; `reconciler.sources` holds the implementations. Names are relative to the root of the
source, with forward slashes, and "" is the root itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from .model import Finding

MAX_FILE_BYTES = 5 * 1024 * 1024


@dataclass(frozen=True, slots=True, order=True)
class File:
    """A file under the name that people know it by; `real` is the name without any symlink in it."""

    name: str
    real: str


@dataclass(frozen=True, slots=True)
class Target:
    """What a PATH of the command line means in a source."""

    name: str
    is_folder: bool


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Something under a name that cannot be read or followed."""

    name: str
    finding: Finding


@dataclass(frozen=True, slots=True)
class Listing:
    """The YAML files below a folder, sorted by name, and what stands in the way of others."""

    files: tuple[File, ...]
    obstacles: tuple[Obstacle, ...] = ()


class Source(Protocol):
    """Where files come from."""

    def target(self, path: str) -> Target | None:
        """What PATH (relative to the current directory, or absolute) means here.

        DesiredStateError where it cannot be a source of schedules; None where a past revision just did not have it yet.
        """

    def shown(self, name: str) -> str:
        """A name as users see it: relative to the current directory; for a revision, as if it were in the work tree."""

    def files(self, folder: str) -> Listing:
        """All YAML files below a folder. Names that start with "." or "_" are skipped, links inside the root followed."""

    def file(self, name: str) -> File | Finding | None:
        """The file of that name; None if there is none, a finding if it is a link that must not be followed."""

    def read(self, files: Iterable[File]) -> Iterator[bytes | Finding]:
        """The bytes of each file in turn, or why they cannot be had."""
