"""Filters that a repository configures, and how git is kept from running them.

Git that writes an index reads files again that were changed in the very second in which the index
was written last, and reads them through their filters. Without its filter such a file counts as
changed: git looks at it again the next time, through the filter, and nothing else comes of it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable

from archivist.repository.process import Repository

_RUN = re.compile(r"filter\..*\.(clean|smudge|process|required)", re.DOTALL)


def configured(repository: Repository) -> list[str]:
    """The keys of git's settings here. Raises GitFailure."""
    return os.fsdecode(repository.run("config", "--list", "-z", "--name-only")).split("\0")[:-1]


def without_filters(keys: Iterable[str]) -> dict[str, str]:
    """An environment for git in which none of the filters has a program, by git's settings."""
    # Not by `-c`: git would cut the key at the first “=” of a filter's name.
    names = sorted({key for key in keys if _RUN.fullmatch(key)})
    environment = {"GIT_CONFIG_COUNT": str(len(names))} if names else {}
    for number, name in enumerate(names):
        environment[f"GIT_CONFIG_KEY_{number}"] = name
        environment[f"GIT_CONFIG_VALUE_{number}"] = "false" if name.endswith(".required") else ""
    return environment


def write_index(repository: Repository, lines: bytes, keys: Iterable[str]) -> None:
    """Stage what these lines of `git update-index --index-info -z` say, and nothing else; no
    filter of git's settings runs, whose keys are given. Raises GitFailure.
    """
    environment = without_filters(keys)
    repository.run("update-index", "-z", "--index-info", stdin=lines, environment=environment)
