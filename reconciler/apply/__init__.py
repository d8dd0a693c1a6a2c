"""Plan × tenant → result. Applying decides nothing: it carries out a plan that passed the gate, or says why not.

`gate` refuses before the first write, `write` carries out one change, `registration` one webhook, `run` all of them.
"""

from .gate import GateOptions, blocking_findings, check_gate, check_unmoved, twins_of
from .run import may_converge, run_apply
from .values import Aftermath, ApplyInput, RunInfo, WritePolicy

__all__ = [
    "Aftermath",
    "ApplyInput",
    "GateOptions",
    "RunInfo",
    "WritePolicy",
    "blocking_findings",
    "check_gate",
    "check_unmoved",
    "may_converge",
    "run_apply",
    "twins_of",
]
