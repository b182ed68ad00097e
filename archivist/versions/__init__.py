"""Versions: every state of every entry, followed through renames, removal and return."""

from archivist.versions.history import History
from archivist.versions.version import KINDS, Kind, Version

__all__ = ["KINDS", "History", "Kind", "Version"]
