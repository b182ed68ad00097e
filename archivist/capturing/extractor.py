"""The name of what made a text. Whoever has these versions makes the same text."""

from __future__ import annotations

from functools import cache

from archivist import extraction
from archivist.extraction import Kind

_LIBRARIES = {Kind.PDF: "pypdf", Kind.MARKDOWN: "markdown-it-py"}


def extractor_of(kind: Kind) -> str:
    """The extractor of a kind of source: `walker/2`, with the library that read it where it is not
    the walker alone: `walker/2 pypdf/6.4.0`.
    """
    library = _LIBRARIES.get(kind)
    return f"{extraction.VERSION} {library}/{_version(library)}" if library else extraction.VERSION


@cache
def _version(library: str) -> str:
    from importlib.metadata import version

    return version(library)
