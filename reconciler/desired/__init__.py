"""From files to desired state: YAML with places, schema check, cascade of defaults, schedules."""

from .campaigns import DesiredTenant, TenantFiles
from .load import Desired, Files, Selection, build_desired, load, load_settings, read_files
from .reader import Known

__all__ = [
    "Desired",
    "DesiredTenant",
    "Files",
    "Known",
    "Selection",
    "TenantFiles",
    "build_desired",
    "load",
    "load_settings",
    "read_files",
]
