"""What is known of calling hours, for people who ask, and why rules of them do not bind a schedule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from ..intervals import WeekHours


class Exemption(NamedTuple):
    """Why rules of the law do not bind a schedule's calls; `covers` names pauses and jurisdictions."""

    reason: str
    covers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LegalHours:
    """The hours that one law allows, on the called party's clock.

    `zones` are those in which the hours are read, none for wherever the called people are. `confidence` is H, M or L.
    `begins` and `ends` are the first and the last date in force, None where no such date is known.
    """

    week: WeekHours
    zones: tuple[str, ...]
    holidays_forbidden: bool
    citation: str
    confidence: str | None
    note: str = ""
    begins: date | None = None
    ends: date | None = None


@dataclass(frozen=True, slots=True)
class KnownHours:
    """What is known of the calling hours of one code on one date.

    `own` are its laws in force, `later` and `earlier` the others in the order of their dates; `federal` are the federal hours
    of the United States where they hold as well. `allowed` are the hours that all of them allow on that date, None where
    nothing is known. `tenant` has replaced the shipped rows by its own. `note` is about the code as a whole.
    """

    code: str
    name: str
    zones: tuple[str, ...]
    own: tuple[LegalHours, ...]
    later: tuple[LegalHours, ...]
    earlier: tuple[LegalHours, ...]
    federal: LegalHours | None
    allowed: WeekHours | None
    tenant: str | None = None
    confidence: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class HoursReport:
    """The answer to somebody who asks for codes on a date: with the version of the shipped rule data, the date on which it was
    reviewed, and the tenant.yaml files that could not be used."""

    as_of: date
    version: str
    reviewed: date
    known: tuple[KnownHours, ...]
    unusable: tuple[str, ...] = ()
