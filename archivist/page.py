"""A web page as a reader sees it: its title and its visible words. Bytes → text; no network.

What is needed to tell whether a page still holds a policy. It is not the text that is archived:
navigation and banners are in it, too.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from archivist.markup import excess

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

_HIDDEN = "script, style, template, noscript, svg"
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_BUTTONS = "button, input[type=submit], input[type=button], a, [role=button]"
_BRIEF = 500  # words; of longer pages nobody asks for the buttons
_LABEL = 60  # characters; a button that says more is none
_SNIFFED = 2048  # bytes in which a page says what its charset is
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# WHATWG, Encoding: on the web these labels mean windows-1252.
_LATIN = frozenset(("ascii", "us-ascii", "iso-8859-1", "iso8859-1", "latin1", "latin-1", "l1"))
_MARKUP = re.compile(rb"<(?:!doctype|html|head|body|title|meta|p|div|h1)\b", re.IGNORECASE)


class Page(NamedTuple):
    """A page's title, its visible text, and whether it asks for a password. `buttons` are what is
    written on the buttons and links of a page of a few words.
    """

    title: str
    text: str
    asks_password: bool = False
    buttons: tuple[str, ...] = ()


def read(body: bytes, content_type: str) -> Page | None:
    """What a reader sees of a body; None for what is no text (a PDF, an image), and for a page that
    is made to keep its readers busy.
    """
    kind = content_type.partition(";")[0].strip().lower()
    if kind.startswith(("image/", "audio/", "video/", "font/")) or body[:5] == b"%PDF-":
        return None
    if kind in ("application/pdf", "application/zip", "application/octet-stream"):
        return None
    text = decoded(body, content_type)
    if "html" in kind or _MARKUP.search(body[:_SNIFFED]):
        return None if excess(text) else _of_html(text)
    return Page("", text)


def decoded(body: bytes, content_type: str) -> str:
    """The text of a body: by its byte order mark, else by what the header says, else by what the
    page says itself, else as UTF-8, else as windows-1252.
    """
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body.decode(name, "replace")
    said = _CHARSET.search(content_type)
    meta = None if said else _META.search(body[:_SNIFFED])
    name = said[1] if said else meta[1].decode("ascii", "replace") if meta else ""
    if name:
        name = "cp1252" if name.lower() in _LATIN else name
        try:
            return body.decode(name, "replace")
        except (LookupError, UnicodeError, ValueError):  # no charset, or none for text
            pass
    try:
        return body.decode()
    except UnicodeDecodeError:
        return body.decode("cp1252", "replace")


def _of_html(text: str) -> Page:
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(text)
    title = tree.css_first("title")
    named = title.text(strip=True) if title else ""
    asks = tree.css_first("input[type=password]") is not None
    for node in tree.css(_HIDDEN):
        node.decompose()
    root = tree.body or tree.root
    seen = root.text(separator=" ") if root else ""
    brief = len(seen.split(maxsplit=_BRIEF)) < _BRIEF
    return Page(named, seen, asks, tuple(_buttons(tree)) if brief else ())


def _buttons(tree: LexborHTMLParser) -> Iterator[str]:
    for node in tree.css(_BUTTONS):
        label = node.text() or node.attributes.get("value") or node.attributes.get("aria-label")
        label = " ".join((label or "").split())
        if 0 < len(label) <= _LABEL:
            yield label
