"""What kind of source some bytes are: by their first signs, their content type, their address."""

from __future__ import annotations

import re

from archivist.extraction.outcome import Kind

_SNIFFED = 1024  # bytes
_MARKUP = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|title|meta|script|div|p|h1|table|article|main)\b",
    re.IGNORECASE,
)
_HTML = ("text/html", "application/xhtml+xml")
_MARKDOWN_TYPES = ("text/markdown", "text/x-markdown")
_MARKDOWN_NAMES = (".md", ".markdown", ".mdown", ".mkd")
_UNSURE = ("", "application/octet-stream", "binary/octet-stream", "application/xml", "text/xml")


def kind_of(data: bytes, content_type: str = "", address: str = "") -> Kind | None:
    """The kind of these bytes; None if they hold no text that can be read."""
    media = content_type.partition(";")[0].strip().lower()
    if data[:_SNIFFED].lstrip()[:5] == b"%PDF-":
        return Kind.PDF
    if media in _HTML:
        return Kind.HTML
    if media in _MARKDOWN_TYPES:
        return Kind.MARKDOWN
    path = re.split(r"[?#]", address, maxsplit=1)[0].lower()
    if media == "text/plain":
        return Kind.MARKDOWN if path.endswith(_MARKDOWN_NAMES) else Kind.TEXT
    if media in _UNSURE:
        return _sniffed(data, path)
    return None


def _sniffed(data: bytes, path: str) -> Kind | None:
    head = data[:_SNIFFED]
    if _MARKUP.search(head.replace(b"\0", b"")):
        return Kind.HTML
    if path.endswith(_MARKDOWN_NAMES):
        return Kind.MARKDOWN
    if path.endswith((".htm", ".html", ".xhtml")):
        return Kind.HTML
    wide = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    return None if b"\0" in head and not wide else Kind.TEXT
