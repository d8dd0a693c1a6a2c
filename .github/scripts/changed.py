"""Prints the tenants whose saved plans have something to apply, as a JSON array for a job's matrix.

    changed.py FOLDER

Plans with errors have no digest and cannot be applied; their own job has failed and said why.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path


def changed(folder: Path) -> list[str]:
    """The names of these tenants, sorted, from every plan.json below `folder`."""
    plans = [json.loads(file.read_text(encoding="utf-8")) for file in folder.rglob("plan.json")]
    return sorted(
        plan["tenant"] for plan in plans if plan["digest"] is not None and (plan["changes"] or plan["webhooks"])
    )


if __name__ == "__main__":
    print(json.dumps(changed(Path(sys.argv[1]))))  # noqa: T201 - this is its output
