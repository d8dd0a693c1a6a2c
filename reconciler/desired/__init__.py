"""From files to desired state: YAML with places, schema check, cascade of defaults, schedules."""

from .campaigns import DesiredTenant, TenantFiles
from .load import Desired, Files, build_desired, load, load_settings, read_files
from .reader import Reader

__all__ = [
    "Desired",
    "DesiredTenant",
    "Files",
    "Reader",
    "TenantFiles",
    "build_desired",
    "load",
    "load_settings",
    "read_files",
]
