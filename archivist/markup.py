"""What a page may ask of the parser: a scan of its tags, linear in its length.

HTML lets a few kilobytes ask for minutes: the parser walks all open elements for each closing tag,
compares each attribute with all before it, and repeats unclosed formatting in each new paragraph.
Browsers cap the depth at 512; no page that people read comes near the bounds here.
"""

from __future__ import annotations

import re
from collections import Counter

MAX_BYTES = 24 * 1024 * 1024
MAX_DEPTH = 1_000  # open elements
MAX_TAGS = 400_000
MAX_ATTRIBUTES = 2_000  # in one tag
MAX_REPEATS = 1_000_000  # open formatting elements, times the tags behind them

_TAG = re.compile(
    r"""<(?:!--|(/?)([A-Za-z][^\s/>]*+)"""
    r"""((?:[\s/]++|=?[^\s/>=]++(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+)?+)?+)*+)>?)"""
)
_LONG = 8_000  # characters
_LONG_TAG = re.compile(rf"<[A-Za-z][^<>]{{{_LONG}}}")
_FEW = 10_000  # signs that cannot cost much, whatever they mean
_RAW = frozenset("script style textarea title xmp iframe noembed noframes".split())
_FORMATTING = frozenset("a b big code em font i nobr s small strike strong tt u".split())
# Void elements, and those that the parser closes by itself.
_FLAT = frozenset(
    "area base br col embed hr img input link meta param source track wbr "
    "p li dt dd option optgroup tr td th tbody thead tfoot html head body path".split()
)


def excess(html: str) -> str | None:
    """Why the page asks too much of a parser; None if it does not."""
    opened = html.count("<")
    if opened < _FEW and html.count(">") - opened < _FEW // 5 and not _has_long_tag(html):
        return None
    open_now: Counter[str] = Counter()
    depth = formatting = place = tags = repeats = 0
    while match := _TAG.search(html, place):
        place = match.end()
        name = (match[2] or "").lower()
        tags += 1
        if not name:
            place = _behind_comment(html, match.start())
        elif match[1]:
            if open_now[name]:
                open_now[name] -= 1
                depth -= 1
                formatting -= name in _FORMATTING
        elif name in _RAW:
            end = re.compile(f"</{name}", re.IGNORECASE).search(html, place)
            place = end.start() if end else len(html)
        elif name not in _FLAT and not match[0].endswith("/>"):
            open_now[name] += 1
            depth += 1
            formatting += name in _FORMATTING
        repeats += formatting
        reason = _beyond(tags, depth, repeats, match[3] or "")
        if reason:
            return reason
    return None


def _has_long_tag(html: str) -> bool:
    """True if the pattern is found: by leaps from sign to sign, as long as there is none between.

    Two leaps go further than `_LONG`, so this is linear.
    """
    place, last = 0, len(html) - _LONG
    while place < last:
        end = place + _LONG
        sign = max(html.rfind("<", place, end), html.rfind(">", place, end))
        if sign >= 0:
            place = sign + 1
        elif place and _LONG_TAG.match(html, place - 1):
            return True
        else:
            place = end
    return False


def _behind_comment(html: str, start: int) -> int:
    end = html.find("-->", start + 2)
    return len(html) if end < 0 else end + 3


def _beyond(tags: int, depth: int, repeats: int, attributes: str) -> str | None:
    if depth > MAX_DEPTH:
        return f"its elements are nested more than {MAX_DEPTH} deep"
    if tags > MAX_TAGS:
        return f"it has more than {MAX_TAGS} tags"
    if repeats > MAX_REPEATS:
        return "its formatting is never closed"
    if len(attributes) > 2 * MAX_ATTRIBUTES and len(attributes.split()) > MAX_ATTRIBUTES:
        return f"a tag has more than {MAX_ATTRIBUTES} attributes"
    return None
