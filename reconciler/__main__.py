"""`python -m reconciler` and the program `reconciler`."""

from __future__ import annotations

import gc
import sys


def main() -> None:
    """Run the command line and leave with its exit code.

    A run makes many values and drops few, so the collector looks seldom: an eighth of the time of a large plan went into
    looking, and the memory stays the same. And where files are checked while the tenant answers, whoever waits for an answer
    gets the interpreter after a third of a millisecond, or the next request would go out late.
    """
    gc.set_threshold(5_000_000, 50, 100)
    from .cli import run  # what is loaded is kept too, so nothing looks through it meanwhile

    sys.setswitchinterval(0.0003)
    code = run(sys.argv[1:])
    gc.freeze()  # or the interpreter looks through all that is left once more before it ends
    sys.exit(code)


if __name__ == "__main__":
    main()
