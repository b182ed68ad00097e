"""A tree as the archive's plain text: one paragraph a line, a blank line between blocks."""

from __future__ import annotations

import re

from archivist.extraction.labels import first_number, given_number, label, without_label
from archivist.extraction.tables import cells, is_data, rows
from archivist.extraction.tree import Element

_BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset "
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li listing main "
    "menu nav ol optgroup option p plaintext pre search section summary table tbody td tfoot th "
    "thead tr ul xmp".split()
)
_LISTS = frozenset(("ul", "ol", "menu", "dir"))
_VERBATIM = frozenset(("pre", "listing", "xmp", "plaintext"))
_INDENTED = frozenset(("blockquote", "dd"))
_SHAPED = _LISTS | _VERBATIM | _INDENTED | {"li", "table"}  # blocks that are not just paragraphs
_RUNNING = frozenset(("q", "rt", "rp"))  # parts of a line that are not just their texts
_TARGETS = frozenset(("a", "button"))  # two of them in a row are two words
_STEP = 3  # columns that a list or a quotation is indented
_HANGING = 2  # columns that an item's text stands behind its mark
_BREAK = "\0"
_AS_BLOCK = re.compile(r"display\s*:\s*(?:block|flex|grid|list-item|table\b)", re.IGNORECASE)
_INLINE = re.compile(r"display\s*:\s*inline\b", re.IGNORECASE)
_KEEPS_LINES = re.compile(r"white-space\s*:\s*(?:pre|break-spaces)", re.IGNORECASE)
# Soft hyphens and other signs without width, the glyphs of icon fonts, control characters.
_UNSEEN = re.compile("[\u00ad\u200b\u2060\ufeff\ue000-\uf8ff\x01-\x08\x0b\x0e-\x1f\x7f-\x9f]")


def render(root: Element) -> str:
    """The text of the element: lines without blanks at their ends, the last one ended too."""
    writer = _Writer()
    writer.block(root)
    return writer.text()


class _Writer:
    """Collects blocks. The buffer holds the paragraph that is being read; the marker waits for the
    first line of its item. `_base` is the column of the list around, `_column` that of text.
    """

    def __init__(self) -> None:
        self._blocks: list[str] = []
        self._buffer: list[str] = []
        self._base = self._column = 0
        self._marker = ""
        self._verbatim = self._breaks = False

    def text(self) -> str:
        """What was written."""
        return "\n\n".join(self._blocks) + "\n" if self._blocks else ""

    def block(self, element: Element) -> None:
        """Write an element that begins and ends a line."""
        if self._buffer:
            self._flush()
        tag = element.tag
        if tag not in _SHAPED:
            self._content(element)
        elif tag in _LISTS:
            self._list(element)
        elif tag == "li":
            self._item(element, "*")
        elif tag == "table" and is_data(element):
            self._emit([line for line in map(_row, rows(element)) if line])
        elif tag in _VERBATIM:
            self._kept(element, verbatim=True)
        elif tag in _INDENTED:
            self._indented(element)
        else:
            self._content(element)
        if self._buffer:
            self._flush()

    def _content(self, element: Element) -> None:
        style = element.attributes.get("style")
        if style and _KEEPS_LINES.search(style):
            self._kept(element, verbatim=False)
        else:
            self._children(element)

    def _children(self, element: Element) -> None:
        last = ""
        for child in element.children:
            if isinstance(child, str):
                lines = self._verbatim or self._breaks
                self._buffer.append(child.replace("\n", _BREAK) if lines else child)
                last = ""
                continue
            tag = child.tag
            if tag in _TARGETS and last in _TARGETS:
                self._buffer.append(" ")
            last = tag
            if tag == "br":
                self._buffer.append(_BREAK)
            elif child.attributes.get("style"):
                self._styled(child)
            elif tag in _BLOCKS:
                self.block(child)
            elif tag in _RUNNING:
                self._inline(child)
            else:
                self._children(child)

    def _child(self, child: Element) -> None:
        if child.tag == "br":
            self._buffer.append(_BREAK)
        else:
            self._styled(child)

    def _styled(self, child: Element) -> None:
        """A child that its style, if it has one, makes a block or not."""
        if _is_block(child):
            self.block(child)
        else:
            self._inline(child)

    def _inline(self, element: Element) -> None:
        tag = element.tag
        if tag == "q":
            self._buffer.append("“")
            self._children(element)
            self._buffer.append("”")
        elif tag == "rt":
            reading = element.text()
            self._buffer.append(f"({reading})" if reading else "")
        elif tag != "rp":
            self._content(element)

    def _kept(self, element: Element, *, verbatim: bool) -> None:
        """Children whose line ends count; if verbatim, all their blanks."""
        before = self._verbatim, self._breaks
        self._verbatim, self._breaks = verbatim or before[0], True
        self._children(element)
        if verbatim:
            self._flush()
        self._verbatim, self._breaks = before

    def _indented(self, element: Element) -> None:
        self._base += _STEP
        self._column += _STEP
        self._children(element)
        self._flush()
        self._column -= _STEP
        self._base -= _STEP

    def _list(self, element: Element) -> None:
        number = first_number(element)
        for child in element.children:
            if isinstance(child, str):
                self._buffer.append(child)
            elif child.tag == "li" and element.tag == "ol":
                given = given_number(child)
                number = number if given is None else given
                self._item(child, label(number, element.get("type")))
                number += -1 if "reversed" in element.attributes else 1
            elif child.tag in _LISTS:
                self._flush()
                self._base += _STEP
                self._list(child)
                self._base -= _STEP
            else:
                self._child(child)
        self._flush()

    def _item(self, element: Element, marker: str) -> None:
        self._flush()
        outer, column = self._marker, self._column
        self._marker = marker
        self._base += _STEP
        self._column = self._base + _HANGING
        self._children(element)
        self._flush()
        self._base -= _STEP
        self._column = column
        self._marker = outer if self._marker else ""

    def _flush(self) -> None:
        if not self._buffer:
            return
        text = "".join(self._buffer)
        self._buffer.clear()
        if self._verbatim:
            lines = _UNSEEN.sub("", text).split(_BREAK)
            self._emit([line.expandtabs().rstrip() for line in lines])
            return
        line = text.strip()
        if not line.isprintable():  # else it has no blanks but spaces, and nothing unseen
            text = _UNSEEN.sub("", line)
            if _BREAK in text:
                self._paragraphs(text)
                return
            line = " ".join(text.split())
        elif "  " in line:
            line = " ".join(line.split())
        if line:
            self._blocks.append(self._begun(line))

    def _paragraphs(self, text: str) -> None:
        """Lines of one paragraph, or of more where one is empty."""
        paragraph: list[str] = []
        for part in text.split(_BREAK):
            line = " ".join(part.split())
            if line:
                paragraph.append(line)
            elif paragraph:
                self._emit(paragraph)
                paragraph = []
        if paragraph:
            self._emit(paragraph)

    def _emit(self, lines: list[str]) -> None:
        start, end = 0, len(lines)
        while start < end and not lines[start].strip():
            start += 1
        while end > start and not lines[end - 1].strip():
            end -= 1
        if start == end:
            return
        indent = " " * self._column
        rest = [(indent + line).rstrip() for line in lines[start + 1 : end]]
        self._blocks.append("\n".join((self._begun(lines[start]), *rest)))

    def _begun(self, line: str) -> str:
        """The first line of a block, behind the mark of its item if it is the item's first."""
        if not self._marker:
            return " " * self._column + line if self._column else line
        line = f"{' ' * self._base}{self._marker} {without_label(line, self._marker)}"
        self._marker = ""
        return line


def _is_block(element: Element) -> bool:
    style = element.attributes.get("style")
    if style:
        if _AS_BLOCK.search(style):
            return True
        if _INLINE.search(style):
            return False
    return element.tag in _BLOCKS


def _row(row: Element) -> str:
    if row.tag == "caption":
        return _cell(row)
    return " | ".join(map(_cell, cells(row))).rstrip(" |").strip()


def _cell(element: Element) -> str:
    """A cell on one line; the items of a list in it are parted by semicolons."""
    writer = _Writer()
    writer.block(element)
    text = ""
    for line in writer.text().splitlines():
        part = line.strip()
        is_item = part.startswith("* ")
        part = part.removeprefix("* ") if is_item else part
        if text and part:
            text += "; " if is_item and text[-1] not in ".,;:!?" else " "
        text += part
    return text
