"""Plan × tenant → result. Applying decides nothing: it carries out a plan that passed the gate, or says why not.

`gate` refuses before the first write, `write` carries out one change, `registration` one webhook, `run` all of them.
"""

from .gate import GateOptions, blocking_findings, check_gate, check_live
from .run import ApplyInput, run_apply
from .write import WritePolicy

__all__ = [
    "ApplyInput",
    "GateOptions",
    "WritePolicy",
    "blocking_findings",
    "check_gate",
    "check_live",
    "run_apply",
]
