"""A page as a tree of its own: plain Python values, bounded in depth, without what is never text.

The parser's nodes cost a call for each question; these are asked many.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from selectolax.lexbor import LexborNode

MAX_DEPTH = 150  # deeper elements lend their content to the one at this depth
# Elements whose content is never a page's text.
_NEVER = frozenset(
    "script style template noscript svg math iframe object canvas video audio select datalist "
    "textarea input head link meta img picture map embed progress meter frameset noframes".split()
)
_SENTENCE, _DENSE = 40, 12  # characters that make a text prose; those of other scripts say more
_NO_ATTRIBUTES: dict[str, str | None] = {}


class Element:
    """An element: its tag, attributes and children (elements and texts), and its measures.

    `chars` are the characters of its text, `linked` those inside of links, `prose` those of texts
    outside of links that are long enough to be parts of sentences. They count everything below
    the element; `own_chars` and `own_prose` are those of its own texts.
    """

    __slots__ = (
        *("attributes", "chars", "children", "linked", "own_chars", "own_prose", "parent"),
        *("prose", "tag"),
    )

    def __init__(
        self, tag: str, attributes: dict[str, str | None], parent: Element | None = None
    ) -> None:
        self.tag = tag
        self.attributes = attributes
        self.children: list[Element | str] = []
        self.parent = parent
        self.own_chars = self.own_prose = 0
        self.chars = self.linked = self.prose = 0

    def get(self, name: str) -> str:
        """An attribute's value; blank if it is missing or has none."""
        return self.attributes.get(name) or ""

    def add_text(self, text: str) -> None:
        """Add a text behind the children."""
        self.children.append(text)
        length = len(text.strip())
        if not length:
            return
        self.own_chars += length
        if length >= _SENTENCE or (length >= _DENSE and not text.isascii()):
            self.own_prose += length

    def elements(self) -> Iterator[Element]:
        """The children that are elements."""
        return (child for child in self.children if isinstance(child, Element))

    def ancestors(self) -> Iterator[Element]:
        """The elements around this one, the nearest first."""
        above = self.parent
        while above is not None:
            yield above
            above = above.parent

    def text(self) -> str:
        """All text below the element, blanks folded."""
        parts: list[str] = []
        stack: list[Element | str] = [self]
        while stack:
            item = stack.pop()
            if isinstance(item, str):
                parts.append(item)
            else:
                stack.extend(reversed(item.children))
        return " ".join("".join(parts).split())


class Tree:
    """The elements of a page in its order, parents before children; the first holds all others."""

    def __init__(self, order: list[Element], *, is_measured: bool = False) -> None:
        self.order = order
        if not is_measured:
            self._measure()

    @property
    def top(self) -> Element:
        """The element that holds all others."""
        return self.order[0]

    def without(self, doomed: Collection[Element]) -> Tree:
        """The tree without these elements and what is in them; this one must not be used again."""
        if not doomed:
            return self
        gone = {one for one in doomed if one is not self.top}
        for element in gone:
            if gone.isdisjoint(element.ancestors()):
                _take_away(element)
        for parent in {one.parent for one in gone}:
            if parent is not None:
                parent.children = [one for one in parent.children if one not in gone]
        for element in self.order:
            if element.parent in gone:
                gone.add(element)
        return Tree([one for one in self.order if one not in gone], is_measured=True)

    def release(self) -> None:
        """Undo the circles, so that the memory goes at once: the tree is of no use afterwards."""
        for element in self.order:
            element.parent = None

    def _measure(self) -> None:
        for element in self.order:
            element.chars = element.own_chars
            element.prose = element.own_prose
            element.linked = 0
        for element in reversed(self.order):
            chars = element.chars
            if not chars:
                continue
            if _is_link(element):
                element.linked, element.prose = chars, 0
            above = element.parent
            if above is not None:
                above.chars += chars
                above.prose += element.prose
                above.linked += element.linked


def _is_link(element: Element) -> bool:
    return element.tag == "a" and "href" in element.attributes


def _take_away(element: Element) -> None:
    """Measure all around an element as if it were not there."""
    chars, prose, linked = element.chars, element.prose, element.linked
    if not chars:
        return
    for above in element.ancestors():
        if _is_link(above):
            prose, linked = 0, chars
        above.chars -= chars
        above.prose -= prose
        above.linked -= linked


def grow(node: LexborNode, skipped: Collection[int] = ()) -> Tree:
    """The tree of a parsed node, without the nodes that `skipped` names by their ids."""
    top = Element(node.tag or "", node.attributes)
    order = [top]
    stack = [(node.first_child, top, 1)]
    while stack:
        child, parent, depth = stack.pop()
        while child is not None:
            following = child.next
            tag = child.tag or ""
            if tag == "-text":
                parent.add_text(child.text_content or "")
            elif tag not in _NEVER and tag[0] != "-" and not (skipped and child.mem_id in skipped):
                element = parent
                if depth < MAX_DEPTH:
                    element = Element(tag, child.attributes or _NO_ATTRIBUTES, parent)
                    parent.children.append(element)
                    order.append(element)
                inner = child.first_child
                if inner is not None:
                    if following is not None:
                        stack.append((following, parent, depth))
                    child, parent, depth = inner, element, depth + 1
                    continue
            child = following
    return Tree(order)
