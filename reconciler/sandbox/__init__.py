"""An embedded CXone on loopback: a small real tenant, for dry runs, rehearsals and tests.

It keeps the HTTP contract over real HTTP and is as strict as a tenant would be, so that what works here has met a
server that says no. It speaks the dialer's contract by its own code and shares none with the client: a mistake made
once on both sides would go unseen.
"""

from reconciler.sandbox.embedded import Sandbox
from reconciler.sandbox.endpoints import SCOPES
from reconciler.sandbox.fault_spec import parse_fault
from reconciler.sandbox.faults import Fault, Faults
from reconciler.sandbox.log import Seen
from reconciler.sandbox.options import SandboxOptions
from reconciler.sandbox.state import state_path
from reconciler.sandbox.store import Store

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
