"""Plan × tenant → result. Applying decides nothing: it carries out a plan that passed the gate, or says why not.

`gate` refuses before the first write, `write` carries out one change, `registration` one webhook, `run` all of them.
"""

from .gate import GateOptions, blocking_findings, check_gate, check_live
from .run import may_converge, run_apply
from .values import ApplyInput, RunInfo, WritePolicy

__all__ = [
    "ApplyInput",
    "GateOptions",
    "RunInfo",
    "WritePolicy",
    "blocking_findings",
    "check_gate",
    "check_live",
    "may_converge",
    "run_apply",
]
