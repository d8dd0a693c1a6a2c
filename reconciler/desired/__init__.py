"""From files to desired state: YAML with places, schema check, cascade of defaults, schedules (design §3)."""

from __future__ import annotations

from .loading import load
from .values import Desired, DesiredTenant, Selection

__all__ = ["Desired", "DesiredTenant", "Selection", "load"]
