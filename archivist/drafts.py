"""What somebody typed and could not be written where it belongs."""

from __future__ import annotations

from pathlib import Path

from archivist.entry import SUFFIX
from archivist.errors import FileFailure


def keep_draft(data: bytes) -> Path:
    """Keep bytes that would be lost in a temporary file. Raises FileFailure."""
    import tempfile

    try:
        descriptor, name = tempfile.mkstemp(prefix="archivist-draft-", suffix=SUFFIX)
        with open(descriptor, "wb") as file:
            file.write(data)
    except OSError as error:
        raise FileFailure(f"cannot keep what was typed: {error.strerror}") from error
    return Path(name)
