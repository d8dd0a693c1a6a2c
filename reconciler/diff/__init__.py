"""Desired × live (× base) → changes: pure, and without a single request.

Ownership is decided first (`identity`), then the difference is trivial: both sides are indexed by id, equal contents
are skipped, and only what is left is looked at field by field (`fields`).
"""

from .identity import Resolution, resolve
from .places import place_of_body_field
from .schedules import DiffRules, diff_campaign

__all__ = ["DiffRules", "Resolution", "diff_campaign", "place_of_body_field", "resolve"]
