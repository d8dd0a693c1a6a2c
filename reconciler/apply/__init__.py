"""Plan × tenant → result. Applying decides nothing: it carries out a plan that passed the gate, or says why not.

`gate` refuses before the first write, `write` carries out one change, `webhooks` one registration, `run` all of them, and
`outcomes` says what their ends mean.
"""

from .gate import (
    GateOptions,
    blocking_findings,
    check_gate,
    check_requests,
    check_saved,
    check_unmoved,
    narrowed_campaigns,
    twins_of,
)
from .run import ApplyRun, nothing_to_do, run_apply
from .write import Aftermath, ApplyJob

__all__ = [
    "Aftermath",
    "ApplyJob",
    "ApplyRun",
    "GateOptions",
    "blocking_findings",
    "check_gate",
    "check_requests",
    "check_saved",
    "check_unmoved",
    "narrowed_campaigns",
    "nothing_to_do",
    "run_apply",
    "twins_of",
]
