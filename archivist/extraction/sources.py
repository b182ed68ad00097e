"""Plain text and Markdown: the files of policies on forges."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from archivist.extraction.pages import of_fragment

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

_FRONT_MATTER = re.compile(r"\A---\n(?:[^\n]{0,1000}\n){0,200}?---\n")
_ITEM = re.compile(r"\s*(?:[-*+•·–]|\(?[0-9a-zA-Z]{1,3}[.)])\s")
_UNSEEN = re.compile("[\u00ad\u200b\u2060\ufeff\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_MIN_WIDTH, _MAX_WIDTH = 50, 120  # columns at which writers break lines
_MAX_MARKDOWN = 1_000_000  # characters; no policy in Markdown is as long


def of_text(text: str) -> str:
    """Plain text, with its paragraphs on one line each.

    Two lines are one if they are broken where the width ran out: the next line's first word would
    not have fitted on the first. Addresses, lists and verses stay as they are.
    """
    lines = [_UNSEEN.sub("", line).expandtabs().rstrip() for line in _lines(text)]
    width = _width(lines)
    joined: list[str] = []
    last = ""  # the line that stands in the source above this one
    for line in lines:
        if joined and _goes_on(last, line, width):
            joined[-1] += " " + line.strip()
        else:
            joined.append(line)
        last = line
    return _blocks(joined)


def of_markdown(text: str) -> str:
    """Markdown as the archive's text, its marks read and not kept."""
    source = _FRONT_MATTER.sub("", "\n".join(_lines(text)))
    if len(source) > _MAX_MARKDOWN:
        return of_text(source)
    return of_fragment(markdown_html(source))


def markdown_html(source: str) -> str:
    """Markdown as HTML: CommonMark with tables."""
    html: str = _reader().render(source)
    return html


@cache
def _reader() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": True}).enable("table")


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0c", "\n\n").split("\n")


def _width(lines: list[str]) -> int:
    """The width at which lines are broken; 0 where they are not."""
    longest = max(map(len, lines), default=0)
    return longest if _MIN_WIDTH <= longest <= _MAX_WIDTH else 0


def _goes_on(line: str, following: str, width: int) -> bool:
    if not width or not line.strip() or not following.strip() or _ITEM.match(following):
        return False
    word = following.split(None, 1)[0]
    return len(line) + 1 + len(word) > width


def _blocks(lines: list[str]) -> str:
    """The lines, with one blank line at most between them and none around them."""
    kept: list[str] = []
    for line in lines:
        if line or (kept and kept[-1]):
            kept.append(line)
    text = "\n".join(kept).strip("\n")
    return text + "\n" if text else ""
