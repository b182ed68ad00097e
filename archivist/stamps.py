"""Stamps: what tells one state of a file from another without reading it."""

from __future__ import annotations

import os
import time

_RACY = 2_000_000_000  # nanoseconds within which a file may change without another time


def stamp(found: os.stat_result) -> str:
    """A file's state by its stat, taken before the file is read; blank while the file is so young
    that it may change and look the same.

    That is git's rule of what is "racily clean" (Documentation/technical/racy-git.txt). The clock
    is the one by which files get their times, whatever `--now` says.
    """
    if time.time_ns() - max(found.st_mtime_ns, found.st_ctime_ns) < _RACY:
        return ""
    return f"{found.st_size} {found.st_mtime_ns} {found.st_ctime_ns} {found.st_ino}"
