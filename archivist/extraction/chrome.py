"""What is on a page but not of it: navigation, banners, dialogs, what is hidden.

Nothing is judged by a part of a word: names are compared token by token with words that have one
meaning. And nothing goes that holds much of the page's text, whatever it is called: sites wrap
whole policies in a `<form>`, an `<aside>` or a `cookie-policy`.
"""

from __future__ import annotations

import re
from functools import lru_cache

from archivist.extraction.tree import Element, Tree

HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_ROLES = frozenset(
    "navigation banner contentinfo search dialog alertdialog menu menubar toolbar tooltip "
    "tablist complementary".split()
)
_NOTES = frozenset(("alert", "status"))  # roles that style sheets give to boxes of the text, too
_DIALOGS = frozenset(("dialog", "alertdialog"))
_ALWAYS = frozenset(("nav", "dialog", "menu"))
_EDGES = frozenset(("header", "footer", "aside"))  # unless they belong to the main content
_NAMES = frozenset(
    # for screen readers only, or not for print
    "sr-only visually-hidden visuallyhidden screen-reader-text screen-reader-only "
    "skip-link skip-links skip-to-content skiplink skip-nav assistive-text noprint d-none "
    # navigation
    "breadcrumb breadcrumbs navbar navigation site-nav main-nav nav-menu sidenav side-nav sidebar "
    "pagination pager menu-item site-header site-footer page-footer global-footer global-header "
    "language-selector language-switcher lang-switcher "
    # what is around an article
    "related-articles related-posts recent-articles recently-viewed share-buttons social-share "
    "article-votes article-relatives article-footer comments newsletter newsletter-signup "
    "was-this-helpful back-to-top "
    # an archive's own frame around the page
    "wm-ipp-base wm-ipp donato".split()
)
_TELLING_TAGS = _ALWAYS | _EDGES | {"button"}
_HIDERS = frozenset(("hidden", "aria-hidden", "style"))
_TELLING = _HIDERS | {"id", "role", "aria-modal"}
# Parts of names that only overlays have, and the makers of consent panels.
_OVERLAYS = frozenset(
    "modal modals popup popin lightbox offcanvas megamenu onetrust cookiebot didomi usercentrics "
    "axeptio tarteaucitron cky cmplz osano termly cookieyes cookiebanner cookieconsent cookiebar "
    "truste iubenda qc-cmp2".split()
)
_ABOUT_COOKIES = frozenset(("cookie", "cookies", "gdpr", "consent", "rgpd"))
_OF_BANNERS = frozenset(
    "banner notice popup bar panel overlay layer wall modal settings preferences".split()
)
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_HIDING = re.compile(
    r"(?:^|[;\s])(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse))", re.IGNORECASE
)
_CONTROLS = frozenset(("aria-controls", "aria-owns", "data-target", "data-bs-target", "href"))
_MUCH = 0.4  # the share of the page's text that no chrome holds
_ENOUGH = 400  # characters of prose that make a page without its overlays


def clean(tree: Tree) -> Tree:
    """The tree without what the page does not show, and what is around its content."""
    suspects = [one for one in tree.order if _is_suspect(one)]
    tree = tree.without(_hidden(tree, suspects))
    suspects = tree.of(suspects)
    tree = tree.without(_overlays(suspects, tree.top.prose))
    bound = tree.top.prose * _MUCH
    suspects = tree.of(suspects)
    return tree.without([one for one in suspects if is_chrome(one) and one.prose <= bound])


def visible(tree: Tree) -> Tree:
    """The tree without what the page hides, but for what its reader can open."""
    return tree.without(_hidden(tree, tree.order))


def _is_suspect(element: Element) -> bool:
    """True if the element has anything by which what is no content is told: few have."""
    attributes = element.attributes
    if not attributes:
        return element.tag in _TELLING_TAGS
    if element.tag in _TELLING_TAGS or not _TELLING.isdisjoint(attributes):
        return True
    name = attributes.get("class")
    return bool(name) and _is_telling(name)


def _overlays(suspects: list[Element], prose: int) -> list[Element]:
    """Dialogs and consent panels by name, as long as enough of the page's prose is left."""
    found: list[Element] = []
    gone: set[Element] = set()
    for element in suspects:
        if _is_overlay(element) and gone.isdisjoint(element.ancestors()):
            rest = prose - element.prose
            if rest >= _ENOUGH or rest >= prose * (1 - _MUCH):
                prose = rest
                found.append(element)
                gone.add(element)
    return found


def _is_overlay(element: Element) -> bool:
    if element.attributes.get("role") in _DIALOGS or element.get("aria-modal") == "true":
        return True
    identity, name = element.attributes.get("id"), element.attributes.get("class")
    return bool(identity and _names_overlay(identity)) or bool(name and _names_overlay(name))


@lru_cache(maxsize=8192)
def _names_overlay(names: str) -> bool:
    return any(map(_is_overlay_name, names.split()))


@lru_cache(maxsize=8192)
def _is_telling(names: str) -> bool:
    return not _NAMES.isdisjoint(names.lower().split()) or _names_overlay(names)


def _is_overlay_name(token: str) -> bool:
    parts = frozenset(map(str.lower, _WORDS.findall(token)))
    of_cookies = not _ABOUT_COOKIES.isdisjoint(parts) and not _OF_BANNERS.isdisjoint(parts)
    return of_cookies or not _OVERLAYS.isdisjoint(parts)


def _hidden(tree: Tree, suspects: list[Element]) -> list[Element]:
    """Those of the suspects that the page hides, and that no reader can open."""
    bound = tree.top.chars * _MUCH
    unseen = [one for one in suspects if one.chars < bound and _is_unseen(one)]
    panels = _panels(tree) if any("id" in one.attributes for one in unseen) else set()
    return [one for one in unseen if not _is_opened(one, panels)]


def _is_unseen(element: Element) -> bool:
    attributes = element.attributes
    if _HIDERS.isdisjoint(attributes):
        return False
    if "hidden" in attributes and attributes["hidden"] != "until-found":
        return True
    style = attributes.get("style")
    return attributes.get("aria-hidden") == "true" or bool(style and _HIDING.search(style))


def _panels(tree: Tree) -> set[str]:
    """The ids of elements that something on the page opens: what they hide is there to be read."""
    found: set[str] = set()
    for element in tree.order:
        attributes = element.attributes
        if _CONTROLS.isdisjoint(attributes):
            continue
        for name in _CONTROLS:
            value = attributes.get(name)
            if value and (name[0] == "a" or value[0] == "#"):
                found.update(value.lstrip("#").split())
    return found


def _is_opened(element: Element, panels: set[str]) -> bool:
    """True if a reader can open it: a panel of an accordion, a tab."""
    if element.get("role") in ("tabpanel", "region") or _is_below_heading(element):
        return True
    return element.get("id") in panels and not _is_overlay(element)


def _is_below_heading(element: Element) -> bool:
    """True for a panel of prose that a style hides behind the heading right before it: a script
    opens it, and the page need not say how.
    """
    if not element.prose or element.parent is None or "style" not in element.attributes:
        return False
    siblings = [one for one in element.parent.children if not isinstance(one, str) or one.strip()]
    before = siblings[siblings.index(element) - 1] if element is not siblings[0] else None
    return isinstance(before, Element) and before.tag in HEADINGS | {"dt"} and before.chars > 0


def is_chrome(element: Element) -> bool:
    """True if the element by its tag, role or name is around a page's content, not in it."""
    tag = element.tag
    if tag in _ALWAYS:
        return tag != "menu" or element.linked * 2 > element.chars  # a list, by the standard
    if tag in _EDGES and not _is_within(element):
        return not _is_of_content(element)
    if tag == "button":
        return not _is_heading(element)
    return bool(element.attributes) and _names_chrome(element)


def _is_of_content(edge: Element) -> bool:
    """True for a header, footer or aside that stands beside paragraphs of the content and says
    something itself: a title with its date, a note, a licence. What is around a page is links.
    """
    parent = edge.parent
    if parent is None or parent.tag in ("body", "html") or edge.linked * 4 > edge.chars:
        return False
    return parent.prose - edge.prose > edge.prose > 0


def _names_chrome(element: Element) -> bool:
    attributes = element.attributes
    role = attributes.get("role")
    if role in _NOTES:
        return not _is_of_content(element)
    if role in _ROLES or attributes.get("id") in _NAMES:
        return True
    name = attributes.get("class")
    return name is not None and not _NAMES.isdisjoint(name.lower().split())


def _is_within(element: Element) -> bool:
    """True inside of what HTML calls the main content."""
    return any(
        one.tag in ("main", "article") or one.attributes.get("role") == "main"
        for one in element.ancestors()
    )


def _is_heading(button: Element) -> bool:
    """True for a button that opens a panel: it is the panel's heading."""
    if "aria-expanded" in button.attributes or "aria-controls" in button.attributes:
        return button.chars > 12
    return any(one.tag in HEADINGS or one.tag == "summary" for one in button.ancestors())
