"""Plan × tenant → result. Applying decides nothing: it carries out a plan that passed the gate, or says why not.

`gate` refuses before the first write, `write` carries out one change, `webhooks` one registration, `run` all of them, and
`outcomes` says what their ends mean.
"""

from .run import ApplyRun, run_apply
from .write import Aftermath, ApplyJob

__all__ = ["Aftermath", "ApplyJob", "ApplyRun", "run_apply"]
