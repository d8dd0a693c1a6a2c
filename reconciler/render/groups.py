"""Findings as people read them: equal ones together, by whose they are, and what errors mean in a few words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ..findings import Finding, Severity
from ..phrases import counted

_ERRORS = {
    "outside-calling-hours": ("window would call at an illegal hour", "windows would call at an illegal hour"),
    "window-overlap": ("window overlaps another", "windows overlap others"),
    "window-order": ("window ends before it starts", "windows end before they start"),
    "schema": ("value of a file is wrong", "values of files are wrong"),
    "yaml-syntax": ("file cannot be read", "files cannot be read"),
    "duplicate-schedule": ("schedule is there twice", "schedules are there twice"),
    "ambiguous-name": ("name means several schedules", "names mean several schedules"),
    "campaign-not-found": ("campaign is not in CXone", "campaigns are not in CXone"),
    "campaign-unreadable": ("campaign could not be read in CXone", "campaigns could not be read in CXone"),
    "unknown-timezone": ("time zone is not known", "time zones are not known"),
    "unknown-jurisdiction": ("jurisdiction is not known", "jurisdictions are not known"),
    "missing-jurisdictions": ("schedule does not say whom it calls", "schedules do not say whom they call"),
    "capacity-exceeded": (
        "schedule asks for more calls than the agents can take",
        "schedules ask for more calls than the agents can take",
    ),
    "licensed-capacity-exceeded": ("cap is above what is licensed", "caps are above what is licensed"),
    "no-schedules": ("folder holds no schedules", "folders hold no schedules"),
    "file-unreadable": ("file cannot be read", "files cannot be read"),
    "admin-unsupported": ("value that the Admin API cannot carry", "values that the Admin API cannot carry"),
    "skill-not-usable": ("skill cannot be used", "skills cannot be used"),
    "closed-week": ("schedule is closed for a whole week", "schedules are closed for a whole week"),
    "tenant-name": ("tenant has a name that cannot be used", "tenants have names that cannot be used"),
    "policy": ("schedule breaks a policy of the company", "schedules break a policy of the company"),
}
"""What errors of a code mean, one and several."""


def errors_said(findings: Iterable[Finding]) -> tuple[str, ...]:
    """What the errors mean, the most frequent first: `2 windows would call at an illegal hour`."""
    counts: dict[str, int] = {}
    for finding in findings:
        if finding.severity is Severity.ERROR:
            counts[finding.code] = counts.get(finding.code, 0) + 1
    ordered = sorted(counts.items(), key=lambda item: (item[0] not in _ERRORS, -item[1], item[0]))
    return tuple(counted(count, *_ERRORS.get(code, (f"error {code}", f"errors {code}"))) for code, count in ordered)


class FindingGroup(NamedTuple):
    """Findings of one code and severity, of which this revision brought all or none (`new`, None where that is not known).

    `text` is what the first says, without whose it is; `differ` whether others say something else; `names` are the schedules.
    """

    severity: Severity
    code: str
    new: bool | None
    text: str
    differ: bool
    names: tuple[str, ...]
    findings: tuple[Finding, ...]

    def each(self) -> tuple[FindingGroup, ...]:
        """Its findings by themselves, those that say the same of several schedules together."""
        alike: dict[str, list[Finding]] = {}
        for finding in self.findings:
            alike.setdefault(whose(finding.message)[1], []).append(finding)
        return tuple(map(_finding_group, alike.values()))


_OWN_ROWS = frozenset({"behind-base", "recreated", "released"})
"""Said in the row of the schedule."""

_WHOSE = re.compile(
    r"""(?:"(?P<name>.*?)" of (?P<campaign>\S+): |schedule '(?P<other>.*?)' of \S+ )(?P<text>.*)""", re.DOTALL
)
_ORDER = list(Severity)


def grouped(findings: Iterable[Finding], *, all_kinds: bool = False) -> tuple[FindingGroup, ...]:
    """The findings by what they say: errors first, what this revision brought before what was there, then by code. What
    the rows of the schedules say is left out, unless `all_kinds` are asked for."""
    kinds: dict[tuple[int, bool, str], list[Finding]] = {}
    for finding in findings:
        if all_kinds or finding.code not in _OWN_ROWS:
            key = _ORDER.index(finding.severity), finding.new is False, finding.code
            kinds.setdefault(key, []).append(finding)
    return tuple(_finding_group(kinds[key]) for key in sorted(kinds))


def _finding_group(findings: Sequence[Finding]) -> FindingGroup:
    first = findings[0]
    said = [whose(finding.message) for finding in findings]
    names = dict.fromkeys(name for name, _ in said if name)
    new = None if first.new is None else first.new
    differ = len({text for _, text in said}) > 1
    return FindingGroup(first.severity, first.code, new, said[0][1], differ, tuple(names), tuple(findings))


def whose(message: str) -> tuple[str, str]:
    """The name of the schedule that a message is about ("" where it names none), and what it says of it."""
    match = _WHOSE.fullmatch(message)
    return (match["name"] or match["other"] or "", match["text"]) if match is not None else ("", message)
