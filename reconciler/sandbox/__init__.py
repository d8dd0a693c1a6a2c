"""An embedded CXone on loopback: a small real tenant, for dry runs, rehearsals and tests.

It keeps the HTTP contract over real HTTP and is as strict as a tenant would be, so that what works here has met a
server that says no. It speaks the dialer's contract by its own code and shares none with the client: a mistake made
once on both sides would go unseen.
"""

from .api import Seen
from .embedded import Sandbox
from .faults import Fault, Faults, parse_fault
from .options import SCOPES, SandboxOptions
from .state import state_path
from .store import Store

__all__ = [
    "SCOPES",
    "Fault",
    "Faults",
    "Sandbox",
    "SandboxOptions",
    "Seen",
    "Store",
    "parse_fault",
    "state_path",
]
