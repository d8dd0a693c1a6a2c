"""Where files come from: the work tree, or any git revision without touching the work tree."""

from __future__ import annotations

from ..files import Source
from .git import RepoState, blob_id, state_of
from .worktree import WorkTree

__all__ = ["RepoState", "Source", "WorkTree", "blob_id", "state_of"]
