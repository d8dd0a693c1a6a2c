"""The rules of each jurisdiction for one tenant: the shipped ones, and above them what its `tenant.yaml` says.

A tenant's rows replace the shipped rows of that jurisdiction. Broken rows never fall back to the shipped ones: until
they are mended the jurisdiction has no rules, and a schedule that names it is in error.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from ..settings import TenantSettings
from .overrides import faults
from .rule_data import Rule, rows_of, rule_from, shipped

STATE_RULE = "STATE_SPECIFIC"


@dataclass(frozen=True, slots=True)
class RuleBook:
    """The rules of one tenant by jurisdiction code; `overrides` are the tenant's own, empty where they are broken."""

    overrides: Mapping[str, tuple[Rule, ...]]

    def rules(self, code: str) -> tuple[Rule, ...]:
        """The rules of a jurisdiction, of all dates; empty where none are known."""
        own = self.overrides.get(code)
        return _shipped_rules(code) if own is None else own

    def zones(self, code: str) -> tuple[str, ...]:
        """The IANA zones in which the people of a jurisdiction live, sorted."""
        return tuple(sorted({zone for rule in self.rules(code) for zone in rule.zones}))


def rule_book(settings: TenantSettings) -> RuleBook:
    """The rules that bind a tenant's schedules."""
    broken = {path[0] for path, _ in faults(settings.jurisdictions)} if settings.jurisdictions else set()
    return RuleBook(
        {
            code: () if code in broken else _own_rules(code, raw)
            for code, raw in sorted(settings.jurisdictions.items())
        }
    )


def _own_rules(code: str, raw: object) -> tuple[Rule, ...]:
    zones = tuple(dict.fromkeys(zone for rule in _shipped_rules(code) for zone in rule.zones))
    return tuple(rule_from(row, f"{STATE_RULE} {code}", "tenant.yaml", zones) for row in rows_of(raw))


@lru_cache(maxsize=256)
def _shipped_rules(code: str) -> tuple[Rule, ...]:
    data = shipped()
    rows = data.jurisdictions.get(code, ())
    return tuple(rule_from(row, f"{STATE_RULE} {code}", f"rule data {data.version}") for row in rows)
