"""Live → files (import): what to read, where it goes, and the proof that the files say what the tenant holds.

`folder` and `choice` decide where and what, `tenant` reads, `settle` makes the texts and proves them on the work tree as it
would be, `run` writes. How a text is made is the work of `edit`.
"""

from .run import Imported, ImportedFile, run_import

__all__ = ["Imported", "ImportedFile", "run_import"]
