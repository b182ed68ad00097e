"""HTML as the archive's plain text."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from selectolax.lexbor import LexborDocumentOptions, LexborHTMLParser, LexborNode, SelectolaxError

from archivist.extraction.charset import Decoded
from archivist.extraction.chrome import clean, is_chrome, visible
from archivist.extraction.content import from_title, lead, main_content, title_above
from archivist.extraction.doubts import doubts, is_short, of_selected
from archivist.extraction.outcome import Doubt, Extraction, Kind, Selection, Unextracted
from archivist.extraction.rendering import render
from archivist.extraction.tree import Tree, grow
from archivist.markup import excess

_SHELL = 50  # words; a page with scripts and fewer than that waits for them
_MAX_SELECTOR = 500  # characters
_OF_HEADS = frozenset("-text -comment meta link script style base".split())  # without children
_MAX_LABEL = 300  # characters of a title or a language that are kept


def of_html(page: Decoded, selection: Selection) -> Extraction | Unextracted:
    """The text of a page: of its main content, or of what the selection names."""
    reason = excess(page.text)
    if reason:
        return Unextracted(f"the page cannot be read: {reason}")
    parser = LexborHTMLParser(page.utf8 or page.text, options=LexborDocumentOptions.WO_EVENTS)
    chosen = _chosen(parser, selection)
    if isinstance(chosen, Unextracted):
        return chosen
    nodes, skipped = chosen
    found: tuple[Doubt, ...] = ()
    if selection.content:
        text = "\n".join(filter(None, (_whole(node, skipped) for node in nodes)))
        found = tuple(of_selected(text))
    else:
        text, found = _main(parser, skipped)
    if is_short(text, _SHELL) and "<script" in page.text:
        found += (Doubt("scripts", "the page seems to need JavaScript to show its text"),)
    title = _title(parser)
    root = parser.root
    language = (root.attributes.get("lang") or "") if root is not None else ""
    return Extraction(
        *(text, Kind.HTML, title, language.strip()[:_MAX_LABEL], page.charset, page.lost, found)
    )


def of_fragment(html: str) -> str:
    """The text of HTML that is content as a whole."""
    parser = LexborHTMLParser(html, options=LexborDocumentOptions.WO_EVENTS)
    return _whole(parser.body, ()) if parser.body else ""


def _main(parser: LexborHTMLParser, skipped: Collection[int]) -> tuple[str, tuple[Doubt, ...]]:
    if parser.body is None:
        return "", ()
    whole = grow(parser.body, skipped)
    prose = whole.top.prose
    tree = clean(whole)
    root = main_content(tree)
    title = title_above(tree, root)
    if title is None:
        tree = from_title(tree, root)
    parts = [*lead(root), root]
    if title is not None and not any(one in parts for one in (title, *title.ancestors())):
        parts.insert(0, title)
    text = "\n".join(filter(None, map(render, parts)))
    found = tuple(doubts(text, tree, root, prose))
    whole.release()
    return text, found


def _whole(node: LexborNode, skipped: Collection[int]) -> str:
    whole: Tree = grow(node, skipped)
    tree = visible(whole)
    tree = tree.without([one for one in tree.order if one.tag == "button" and is_chrome(one)])
    text = render(tree.top)
    whole.release()
    return text


def _chosen(
    parser: LexborHTMLParser, selection: Selection
) -> tuple[list[LexborNode], set[int]] | Unextracted:
    """The nodes that hold the text, and the ids of those to leave out."""
    kept: list[LexborNode] = []
    skipped: set[int] = set()
    for key, selector in (
        ("content selector", selection.content),
        ("remove selector", selection.remove),
    ):
        if not selector:
            continue
        matches = _matches(parser, selector)
        if matches is None:
            return Unextracted(f"`{key}` is not a CSS selector: {selector[:_MAX_LABEL]}")
        if not matches:
            hint = "the page has changed: look for the element that holds the policy now"
            return Unextracted(f"`{key}` matches nothing on the page: {selector}", hint)
        if key == "content selector":
            kept = list(_outermost(matches))
        else:
            skipped = {node.mem_id for node in matches}
    return kept, skipped


def _matches(parser: LexborHTMLParser, selector: str) -> list[LexborNode] | None:
    """The nodes that a selector names, in the page's order; None if it is no selector."""
    if len(selector) > _MAX_SELECTOR or "\0" in selector:
        return None
    try:
        return list(parser.css(selector))
    except (SelectolaxError, ValueError, RuntimeError):
        return None


def _outermost(nodes: list[LexborNode]) -> Iterator[LexborNode]:
    """Those that are not inside of another."""
    known = {node.mem_id for node in nodes}
    seen: set[int] = set()
    for node in nodes:
        above = node.parent
        while above is not None and above.mem_id not in known:
            above = above.parent
        if above is None and node.mem_id not in seen:
            seen.add(node.mem_id)
            yield node


def _title(parser: LexborHTMLParser) -> str:
    node = _title_in(parser.head) or next(
        (one for one in parser.tags("title") if one.parent is not None), None
    )
    return " ".join(node.text().split())[:_MAX_LABEL] if node is not None else ""


def _title_in(head: LexborNode | None) -> LexborNode | None:
    """The title where it should be: to look through the whole page for it takes longer."""
    child = head.first_child if head is not None else None
    while child is not None and child.tag != "title":
        if child.tag not in _OF_HEADS:  # it may hold another title
            return None
        child = child.next
    return child
