"""Codes → their calling hours: those that come with the program, and what tenants have instead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from ..errors import UsageError
from ..model.law import HoursReport, KnownHours
from ..phrases import listing
from ..rules.lookup import known_hours, near_codes
from ..rules.rule_book import check_jurisdictions, shipped
from ..settings import TenantSettings


def hours_of(codes: Sequence[str], path: str | None, as_of: date, environ: Mapping[str, str]) -> HoursReport:
    """What is known of each code on a date, each once: the shipped hours, then those of each tenant below `path` that has
    its own. Without a `path` it is `schedules`, where that exists.

    UsageError for an unknown code, DesiredStateError where `path` does not exist.
    """
    settings: tuple[TenantSettings, ...] = ()
    unusable: tuple[str, ...] = ()
    if path is not None or Path("schedules").is_dir():
        from .. import desired, hosts, sources  # where there are no files, the answer needs none of it

        state = sources.state_of(path or "schedules")
        source = sources.WorkTree(state.root)
        allowed = hosts.allowed_hosts(environ)
        settings, unusable = desired.load_settings(source, path or "schedules", allowed=allowed)
        unusable += tuple(tenant.location.file for tenant in settings if check_jurisdictions(tenant))
    known: list[KnownHours] = []
    spelled = {code.strip().upper(): code for code in reversed(codes)}
    for code in dict.fromkeys(code.strip().upper() for code in codes):
        asked = [known_hours(code, as_of, tenant) for tenant in (None, *settings)]
        hours = [one for one in asked if one is not None]
        if not hours:
            near = near_codes(code)
            hint = (
                f"did you mean {listing(near, last='or')}?"
                if near
                else "codes are those of ISO 3166, such as US-FL or CA"
            )
            raise UsageError(f"no calling hours are known for {spelled[code]!r}", hint=hint)
        known += hours
    data = shipped()
    return HoursReport(as_of, data.version, data.reviewed, tuple(known), unusable)
