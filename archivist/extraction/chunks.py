"""Many versions of Markdown files, read as fast as they differ.

A file is taken apart where blocks cannot know of each other, each part is read once however many
versions have it, and most parts are so plain that they need no parser. The text is that of
`of_markdown`; the targets of links are kept apart from it.
"""

from __future__ import annotations

import re
from hashlib import sha256
from typing import NamedTuple

from archivist.extraction.pages import of_fragment
from archivist.extraction.sources import markdown_html, of_text

MOST = 400_000  # characters of a part that a parser sees; no paragraph is as long
_KEPT = 64 << 20  # bytes of parts that are remembered
# From here on nothing can be told by looking at a part: HTML, code that holds blank lines.
_HTML = re.compile(rb"(?<!\\)<(?!https?://)[A-Za-z!?/]")
_FENCE = re.compile(rb"^ {0,3}(?:```|~~~)", re.MULTILINE)
_DEFINITION = re.compile(rb"^[ >*+-]{0,20}\[[^\]\n]{1,999}\]:", re.MULTILINE)
_GOES_ON = b" \t\n0123456789"  # what a part begins with that may belong to the list before it
# A part without structure: a line, a heading, items of a list that are lines; in them links with
# usual targets, and strong words.
_CHAR = r"[^\\`*_\[\]<>&!\n]|&(?![#A-Za-z])|!(?!\[)|\\[!-/:-@\[-`{-~]"
_TARGET = r"https?://(?:[A-Za-z0-9./:?=~,+@#_&-]|%[0-9A-Fa-f]{2})*"
_LINK = (
    rf"\[(?P<label>[^\\`*_\[\]<>&!\s](?:[^\\`*_\[\]<>&!\n]*[^\\`*_\[\]<>&!\s])?)\]"
    rf"\((?P<target>{_TARGET})(?: \"[^\"\\&\n<>]*\")?\)(?!\[)"
)
_STRONG = r"(?<![\w*\\])\*\*(?P<strong>[^\W_](?:[^\\`*_\[\]<>&!\n]*[^\W_])?)\*\*(?![\w*])"
_TOKEN = re.compile(rf"\\(?P<escaped>[!-/:-@\[-`{{-~])|{_LINK}|{_STRONG}")
_UNNAMED = re.sub(r"\?P<\w+>", "?:", f"{_LINK}|{_STRONG}")
_LINE = rf"(?=[^\W\d_])(?:{_CHAR}|{_UNNAMED})+"
_PLAIN = re.compile(rf"(?:#{{1,6}} (?P<heading>{_LINE}(?<!#))|(?P<line>{_LINE})(?:\n(?:=+|-+))?)")
_ITEM = re.compile(rf"[*+-] {{1,4}}({_LINE})")
_NEXT_ITEM = re.compile(r"\n(?: *\n)?(?=[*+-] )")


class Plain(NamedTuple):
    """A text in UTF-8, how many links the source had, and the digest of their targets."""

    text: bytes
    links: int
    targets: str


class MarkdownReader:
    """Reads Markdown, and remembers the parts."""

    def __init__(self) -> None:
        self._known: dict[bytes, tuple[bytes, bytes]] = {}
        self._size = 0

    def read(self, data: bytes) -> Plain:
        """The text of a file, and what it links to. Never raises, whatever the bytes."""
        if b"\r" in data:
            data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        texts, targets = [], []
        for part in _parts(data.replace(b"\x0c", b"\n\n") if b"\x0c" in data else data):
            known = self._known.get(part)
            text, linked = known if known is not None else self._learn(part)
            if text:
                texts.append(text)
            if linked:
                targets.append(linked)
        linked = b"".join(targets)
        body = b"\n\n".join(texts) + b"\n" if texts else b""
        return Plain(body, linked.count(b"\n"), sha256(linked).hexdigest())

    def _learn(self, part: bytes) -> tuple[bytes, bytes]:
        source = part.decode("utf-8", "replace")
        text, targets = _plain(source) or _parsed(source)
        linked = "".join(" ".join(one.split()) + "\n" for one in targets)
        found = text.strip("\n").encode("utf-8", "replace"), linked.encode("utf-8", "replace")
        self._size += len(part) + len(found[0]) + len(found[1])
        if self._size > _KEPT:
            self._known.clear()
            self._size = 0
        self._known[part] = found
        return found


def _parts(data: bytes) -> list[bytes]:
    """The parts of a file; joined by blank lines they are the file."""
    if b"]:" in data and _DEFINITION.search(data):
        return [data]
    begin = _risk(data)
    rest: list[bytes] = []
    if begin >= 0:
        end = max(data.rfind(b"\n\n", 0, begin), 0)
        data, rest = data[:end], [data[end:].removeprefix(b"\n\n") if end else data]
    parts: list[bytes] = []
    for piece in [*data.split(b"\n\n"), *rest]:
        if parts and piece[:1] in _GOES_ON:
            parts[-1] += b"\n\n" + piece
        else:
            parts.append(piece)
    return parts


def _risk(data: bytes) -> int:
    """Where HTML or code begins, from where on parts cannot be told apart; -1 if it does not."""
    found = [
        pattern.search(data)
        for pattern, signs in ((_HTML, (b"<",)), (_FENCE, (b"```", b"~~~")))
        if any(sign in data for sign in signs)
    ]
    return min((match.start() for match in found if match), default=-1)


def _plain(source: str) -> tuple[str, list[str]] | None:
    """The text of a part that has no structure; None if it may have."""
    source = source.rstrip(" \n")
    targets: list[str] = []
    if source[:1] in ("*", "+", "-"):
        items = [_ITEM.fullmatch(one) for one in _NEXT_ITEM.split(source)]
        texts = [_inline(one[1], targets) if one else None for one in items]
        lines = [f"   * {one}" for one in texts if one is not None]
        return ("\n\n".join(lines), targets) if len(lines) == len(items) else None
    match = _PLAIN.fullmatch(source)
    text = _inline(match["heading"] or match["line"], targets) if match else None
    return None if text is None else (text, targets)


def _inline(line: str, targets: list[str]) -> str | None:
    """A line without its marks; the targets of its links are added to `targets`."""
    if not line.replace("\u00a0", " ").isprintable():
        return None

    def shown(token: re.Match[str]) -> str:
        if token["target"]:
            targets.append(token["target"])
        return token["escaped"] or token["label"] or token["strong"]

    return " ".join(_TOKEN.sub(shown, line).split())


def _parsed(source: str) -> tuple[str, list[str]]:
    if len(source) > MOST:
        return of_text(source), []
    html = markdown_html(source)
    return of_fragment(html), linked(html)


def linked(html: str) -> list[str]:
    """Where the links and pictures of a fragment lead to, in its order."""
    from selectolax.lexbor import LexborHTMLParser

    if "href" not in html and "src" not in html:
        return []
    nodes = LexborHTMLParser(html).css("a[href], img[src]")
    return [node.attributes.get("href") or node.attributes.get("src") or "" for node in nodes]
