"""Live → files (import): what to read, where it goes, and the proof that the files say what the tenant holds.

`placing` and `choosing` decide where and what, `tenant` reads, `settling` makes the texts and proves them on an `overlay` of
the work tree, `writing` writes. How a text is made is the stage `adopt`'s.
"""

from .results import Imported, ImportedFile
from .run import run_import

__all__ = ["Imported", "ImportedFile", "run_import"]
