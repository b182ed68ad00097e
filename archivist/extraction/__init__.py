"""A source's bytes → the archive's plain text. Pure: no network, no clock, no locale.

The same bytes give the same text on every machine, as long as `VERSION` is the same: whatever
changes a text changes the version.
"""

from __future__ import annotations

from dataclasses import replace

from archivist.extraction.charset import decode
from archivist.extraction.kinds import kind_of
from archivist.extraction.outcome import Doubt, Extraction, Kind, Selection, Unextracted
from archivist.markup import MAX_BYTES

__all__ = ["VERSION", "Doubt", "Extraction", "Kind", "Selection", "Unextracted", "extract"]

VERSION = "walker/2"
_NO_SELECTION = Selection()


def extract(
    data: bytes,
    content_type: str = "",
    *,
    address: str = "",
    selection: Selection = _NO_SELECTION,
) -> Extraction | Unextracted:
    """The text of a source, or why there is none. Never raises, whatever the bytes.

    `content_type` is the header's value, `address` the URL or path that the bytes came from: of
    plain text its ending tells Markdown. Time and memory grow linearly with the bytes, up to 24 MiB
    of them.
    """
    if len(data) > MAX_BYTES:
        return Unextracted(f"the source is larger than {MAX_BYTES // 1024 // 1024} MiB")
    kind = kind_of(data, content_type, address)
    if kind is None:
        media = content_type.partition(";")[0].strip() or "binary data"
        return Unextracted(f"the source is {media[:100]}, not a text")
    if kind is Kind.HTML:
        from archivist.extraction.pages import of_html

        found = of_html(decode(data, content_type), selection)
    elif selection.content or selection.remove:
        return Unextracted(
            f"the source is {kind}, and a selector needs HTML", "remove the selector"
        )
    elif kind is Kind.PDF:
        from archivist.extraction.pdf import of_pdf

        found = of_pdf(data)
    else:
        found = _of_source(data, content_type, kind)
    return _with_doubts(found) if isinstance(found, Extraction) else found


def _of_source(data: bytes, content_type: str, kind: Kind) -> Extraction:
    from archivist.extraction.sources import of_markdown, of_text

    source = decode(data, content_type)
    text = of_markdown(source.text) if kind is Kind.MARKDOWN else of_text(source.text)
    return Extraction(text, kind, charset=source.charset, lost=source.lost)


def _with_doubts(found: Extraction) -> Extraction:
    if not found.lost:
        return found
    doubt = Doubt("encoding", f"{found.lost} of its characters are not {found.charset}")
    return replace(found, doubts=(*found.doubts, doubt))
