"""A page as a tree of its own: plain Python values, bounded in depth, without what is never text.

The parser's nodes cost a call for each question; these are asked many.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Set

from selectolax.lexbor import LexborNode

MAX_DEPTH = 150  # deeper elements lend their content to the one at this depth
# Elements whose content is never a page's text.
_NEVER = frozenset(
    "script style template noscript svg math iframe object canvas video audio select datalist "
    "textarea input head link meta img picture map embed progress meter frameset noframes".split()
)
_SENTENCE, _DENSE = 40, 12  # characters that make a text prose; those of other scripts say more
_TEXT = "-text"
_NO_ATTRIBUTES: dict[str, str | None] = {}


class Element:
    """An element: its tag, attributes and children (elements and texts), and its measures.

    `chars` are the characters of its text, `linked` those inside of links, `prose` those of texts
    outside of links that are long enough to be parts of sentences. They count everything below
    the element.
    """

    __slots__ = ("attributes", "chars", "children", "linked", "parent", "prose", "tag")

    def __init__(
        self, tag: str, attributes: dict[str, str | None], parent: Element | None = None
    ) -> None:
        self.tag = tag
        self.attributes = attributes
        self.children: list[Element | str] = []
        self.parent = parent
        self.chars = self.linked = self.prose = 0

    def get(self, name: str) -> str:
        """An attribute's value; blank if it is missing or has none."""
        return self.attributes.get(name) or ""

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

    def __init__(self, order: list[Element], gone: frozenset[Element] = frozenset()) -> None:
        self._order = order
        self._gone = gone  # they and all in them are still in the list

    @property
    def top(self) -> Element:
        """The element that holds all others."""
        return self._order[0]

    @property
    def order(self) -> list[Element]:
        """The elements."""
        if self._gone:
            gone = set(self._gone)
            left: list[Element] = []
            for element in self._order:
                if element in gone or element.parent in gone:
                    gone.add(element)
                else:
                    left.append(element)
            self._order, self._gone = left, frozenset()
        return self._order

    def of(self, elements: list[Element]) -> list[Element]:
        """Those of these elements, which all were in the tree, that still are."""
        if not self._gone:
            return elements
        return [one for one in elements if not _is_in(one, self._gone)]

    def without(self, doomed: Collection[Element]) -> Tree:
        """The tree without these elements and what is in them; this one must not be used again,
        but to be released.
        """
        gone = frozenset(one for one in doomed if one is not self.top)
        if not gone:
            return self
        for element in gone:
            if element.parent and not _is_in(element.parent, gone):
                _take_away(element)
        for parent in {one.parent for one in gone}:
            if parent is not None:
                parent.children = [one for one in parent.children if one not in gone]
        return Tree(self._order, self._gone | gone)

    def release(self) -> None:
        """Undo the circles, so that the memory goes at once: the tree is of no use afterwards."""
        for element in self._order:
            element.parent = None


def _is_in(element: Element, others: Set[Element]) -> bool:
    """True if the element is one of these, or lies in one."""
    above: Element | None = element
    while above is not None:
        if above in others:
            return True
        above = above.parent
    return False


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
    names: dict[int, str] = {}  # the parser's numbers are found faster than its names are made
    stack = [(node.first_child, top, 1)]
    while stack:
        child, parent, depth = stack.pop()
        while child is not None:
            following = child.next
            number = child.tag_id
            tag = names.get(number)
            if tag is None:
                tag = names[number] = _name(child)
            if tag == _TEXT:
                text = child.text_content or ""
                parent.children.append(text)
                length = len(text.strip())
                parent.chars += length
                if length >= _SENTENCE or (length >= _DENSE and not text.isascii()):
                    parent.prose += length
            elif tag and not (skipped and child.mem_id in skipped):
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
    _add_up(order)
    return Tree(order)


def _name(node: LexborNode) -> str:
    """The tag of a node, or that it is a text; blank if there is nothing to read in it."""
    tag = node.tag or ""
    return "" if tag in _NEVER or (tag[:1] == "-" and tag != _TEXT) else tag


def _add_up(order: list[Element]) -> None:
    """Let elements, which count their own texts, count those of all below them."""
    for element in reversed(order):
        chars = element.chars
        if not chars:
            continue
        if element.tag == "a" and _is_link(element):
            element.linked, element.prose = chars, 0
        above = element.parent
        if above is not None:
            above.chars += chars
            if element.prose:
                above.prose += element.prose
            if element.linked:
                above.linked += element.linked
