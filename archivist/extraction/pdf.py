"""PDF, through pypdf: the optional extra `archivist[pdf]`."""

from __future__ import annotations

import io
import logging

from archivist.extraction.outcome import Extraction, Kind, Unextracted
from archivist.extraction.sources import of_text

_MAX_PAGES = 300
_MAX_CHARACTERS = 2_000_000
_HINT = "save the text by hand, and give it with --from-file"


def of_pdf(data: bytes) -> Extraction | Unextracted:
    """The text of a PDF that holds text; a scanned one holds none."""
    try:
        import pypdf
    except ImportError:
        return Unextracted("this is a PDF", "pip install 'archivist[pdf]' reads it")
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it speaks of each flaw of a file
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if len(reader.pages) > _MAX_PAGES:
            return Unextracted(f"the PDF has more than {_MAX_PAGES} pages", _HINT)
        parts: list[str] = []
        size = 0
        for page in reader.pages:
            parts.append(page.extract_text())
            size += len(parts[-1])
            if size > _MAX_CHARACTERS:
                return Unextracted("the PDF holds more text than any policy", _HINT)
        title = reader.metadata.title if reader.metadata else ""
    except Exception as error:  # whatever a parser meets in a stranger's file
        return Unextracted(f"the PDF cannot be read: {type(error).__name__}", _HINT)
    text = of_text("\n\n".join(parts))
    if not text:
        return Unextracted("the PDF holds no text: it may be a scan", _HINT)
    return Extraction(text, Kind.PDF, str(title or "")[:300])
