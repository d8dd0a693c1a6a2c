"""What the pipelines need of GitHub: comments, issues, approvals, runs, and the branch that keeps a tenant's journal.

Nothing else of the program knows GitHub. A pipeline elsewhere calls the same commands but these, and keeps the journal's
branch with git alone.
"""

from .job import Job, job_of
from .rest import GitHub

__all__ = ["GitHub", "Job", "job_of"]
