"""What files were lately: the blobs that the commits of the last hours made or replaced."""

from __future__ import annotations

import os
from datetime import datetime

from archivist.repository.fields import nul_fields
from archivist.repository.process import Repository

_MOST = 10_000  # commits


def blobs_since(repository: Repository, since: datetime, folder: str) -> dict[str, list[str]]:
    """The blobs of each path below a folder since then, newest first, and that before them.

    Raises GitFailure.
    """
    found: dict[str, dict[str, None]] = {}
    arguments = (
        *("-c", "log.showRoot=true", "log", "-z", "--raw", "--no-abbrev", "--no-renames"),
        *("--relative", "--no-ext-diff", "--no-textconv", "--no-color", "--no-notes"),
        *("--first-parent", "--diff-merges=first-parent", "--format=", f"--max-count={_MOST}"),
        *(f"--since={since.isoformat()}", "HEAD", "--", folder),
    )
    with repository.process(*arguments) as child:
        assert child.stdout
        fields = nul_fields(child.stdout)
        for field in fields:
            if field.lstrip(b"\n")[:1] != b":":
                continue
            _, _, old, new, _ = field.lstrip(b"\n")[1:].decode().split(" ")
            path = os.fsdecode(next(fields, b""))
            for oid in (new, old):
                if oid.strip("0"):
                    found.setdefault(path, {})[oid] = None
    return {path: list(oids) for path, oids in found.items()}
