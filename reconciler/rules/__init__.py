"""Checks on meaning: what a schema cannot say and a dialer must not do.

Everything here is pure: settings, schedules and a date go in, sorted findings come out, as severe as the tenant has them.
`check` needs no network, `check_capacity` how many agents there are. What few runs need is imported from its module:
`closing` (closures as dates), `sent` (what would be sent, where that is not what the files say).
"""

from .calling_hours import CallingHours
from .capacity import check_capacity, needs_agents
from .checks import check
from .rule_book import rule_book

__all__ = ["CallingHours", "check", "check_capacity", "needs_agents", "rule_book"]
