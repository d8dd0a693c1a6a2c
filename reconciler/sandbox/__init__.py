"""An embedded CXone on loopback: a small real tenant, for dry runs, rehearsals and tests.

It keeps the HTTP contract over real HTTP and is as strict as a tenant would be, so that what works here has met a
server that says no. It speaks the dialer's contract, or the Admin API's, by its own code and shares none with the client: a mistake made
once on both sides would go unseen.
"""

from .admin_api import QUIRKS
from .api import Seen
from .embedded import AdminSandbox, Sandbox
from .faults import Fault, Faults, parse_fault
from .options import SCOPES, SandboxOptions
from .skill_store import weekly_settings
from .state import state_path
from .store import Store

__all__ = [
    "QUIRKS",
    "SCOPES",
    "AdminSandbox",
    "Fault",
    "Faults",
    "Sandbox",
    "SandboxOptions",
    "Seen",
    "Store",
    "parse_fault",
    "state_path",
    "weekly_settings",
]
