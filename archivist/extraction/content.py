"""The part of a page that is its content, found without configuration."""

from __future__ import annotations

from archivist.extraction.chrome import HEADINGS
from archivist.extraction.declared import declared_date
from archivist.extraction.tree import Element, Tree

_DOMINATES = 0.9  # the share of the text that a child must hold to be all that counts
_OWN = 200  # characters in paragraphs of its own that make an element a text
_PARAGRAPHS = frozenset(("p", "ul", "ol", "dl", "blockquote", "table", "pre"))
_NAMED = 0.25  # the share of the text in an element that is called the policy's text
_LINE = 120  # characters of a line that says of which day a text is
_PIECES = 50  # elements and texts of such a line
_MUCH = 0.4  # more of the prose than that does not stand before a title
_POLICY = frozenset("policy policies terms privacy legal conduct tos agreement guidelines".split())
_TEXT = frozenset("details content text body container wrapper article".split())
_CALLED = _POLICY | _TEXT | frozenset(("of", "and", "use", "service", "code", "community", "the"))


def main_content(tree: Tree) -> Element:
    """The element that holds the page's content.

    The one that the page itself calls the policy's text (`id="policy-details"`); else down from
    the top as long as one child holds nearly all the prose, to the main content by HTML's own
    account or an element that has paragraphs of its own.
    """
    named = [one for one in tree.order if "id" in one.attributes and _is_named(one, tree.top)]
    if len(named) == 1:
        return named[0]
    root = tree.top
    while root.tag not in ("main", "article"):
        best = max(root.elements(), key=_weight, default=None)
        if best is None or not _dominates(best, root) or _has_own(root, best):
            break
        root = best
    return root


def _is_named(element: Element, top: Element) -> bool:
    if element.prose < top.prose * _NAMED or not element.prose:
        return False
    parts = set(element.get("id").lower().replace("_", "-").split("-"))
    return parts <= _CALLED and not _POLICY.isdisjoint(parts) and not _TEXT.isdisjoint(parts)


def _weight(element: Element) -> float:
    return element.prose + (element.chars - element.linked) / 4


def _dominates(best: Element, root: Element) -> bool:
    weight = _weight(best)
    return weight > 0 and weight >= _weight(root) * _DOMINATES


def _has_own(root: Element, best: Element) -> bool:
    own = 0
    for child in root.children:
        if isinstance(child, str):
            own += len(child.strip())
        elif child is not best and child.tag in _PARAGRAPHS:
            own += child.prose
    return own >= _OWN


def title_above(tree: Tree, root: Element) -> Element | None:
    """The page's only main heading, where it stands before the content and not in it."""
    headings = [one for one in tree.order if one.tag == "h1" and one.chars]
    if len(headings) != 1 or root in headings[0].ancestors() or root is headings[0]:
        return None
    above = tree.order.index(headings[0]) < tree.order.index(root)
    return headings[0] if above else None


def lead(root: Element) -> list[Element]:
    """What stands directly before the content, in the boxes around it, and begins it: headings, a
    line that says of which day the text is, and paragraphs behind such a heading or line.
    """
    found: list[Element] = []
    inner, outer = root, root.parent
    while outer is not None:
        before = [one for one in outer.children[: outer.children.index(inner)] if _has_text(one)]
        run = _leading(before)
        found[:0] = run
        if len(run) < len(before):
            break  # what comes before that is around the content
        inner, outer = outer, outer.parent
    return found


def _leading(before: list[Element | str]) -> list[Element]:
    """The last of these, as far as they lead on to what follows."""
    run: list[Element] = []
    beginning = 0
    for node in reversed(before):
        if isinstance(node, str) or node.linked * 2 > node.chars:
            break
        if _begins(node):
            beginning = len(run) + 1
        elif node.tag != "p":
            break
        run.append(node)
    return run[:beginning][::-1]


def _begins(element: Element) -> bool:
    """True for a heading or a line with a date, or a box of nothing but such."""
    if element.tag in HEADINGS or (element.chars <= _LINE and _is_dated(element)):
        return True
    inner = [child for child in element.children if _has_text(child)]
    return bool(inner) and all(isinstance(one, Element) and _begins(one) for one in inner)


def _is_dated(line: Element) -> bool:
    """True if a line, which has few pieces, says of which day a text is."""
    parts: list[str] = []
    stack: list[Element | str] = [line]
    for _ in range(_PIECES):
        if not stack:
            return declared_date(" ".join("".join(parts).split())) is not None
        item = stack.pop()
        if isinstance(item, str):
            parts.append(item)
        else:
            stack.extend(reversed(item.children))
    return False


def _has_text(node: Element | str) -> bool:
    return bool(node.strip()) if isinstance(node, str) else node.chars > 0


def from_title(tree: Tree, root: Element) -> Tree:
    """The tree without what stands in the root before its only main heading: navigation that is
    called nothing in particular.
    """
    headings = [one for one in tree.order if one.tag == "h1" and one.chars]
    inside = [one for one in headings if root in one.ancestors()]
    if len(inside) != 1:
        return tree
    doomed: list[Element] = []
    inner = inside[0]
    while inner is not root:
        outer = inner.parent
        assert outer is not None
        place = outer.children.index(inner)
        doomed += (one for one in outer.children[:place] if isinstance(one, Element))
        inner = outer
    if sum(one.prose for one in doomed) >= root.prose * _MUCH:
        return tree
    return tree.without(doomed)
