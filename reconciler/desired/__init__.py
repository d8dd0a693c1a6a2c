"""From files to desired state: YAML with places, schema check, cascade of defaults, schedules."""

from .campaigns import DesiredTenant
from .load import Desired, Selection, load, load_settings

__all__ = ["Desired", "DesiredTenant", "Selection", "load", "load_settings"]
