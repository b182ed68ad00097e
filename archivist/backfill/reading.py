"""What a memento shows: the policy's text, or why it shows none. Pure: an exchange → a text."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from archivist import page as pages
from archivist.capturing.extractor import extractor_of
from archivist.extraction import Extraction, Selection, Unextracted, extract
from archivist.links.following import Chain
from archivist.net.fetch import Answer
from archivist.refusal import Offered, refusals
from archivist.verdict import Hop
from archivist.warc import Hop as Exchange

_NO_SELECTION = Selection()


class Wanted(NamedTuple):
    """What is known of the policy: its selectors, its language (BCP 47, or blank), its text now."""

    selection: Selection = _NO_SELECTION
    language: str = ""
    present: str = ""


class Shown(NamedTuple):
    """A text, what made it, and whether the entry's selectors were used (they name parts of the
    page as it is built now, and match nothing in older builds).
    """

    text: str
    extractor: str
    is_selected: bool


class NotShown(NamedTuple):
    """Why a memento is no version: a name by which a person can accept it (blank: it cannot be),
    and what was seen.
    """

    name: str
    reason: str


def read_memento(
    exchange: Exchange, original: str, wanted: Wanted, accepted: Collection[str] = ()
) -> Shown | NotShown:
    """The text that a memento of the page at `original` shows; refusals of the `accepted` names
    are none.
    """
    if exchange.header("location"):
        return NotShown("", "it is the capture of a redirect")
    if exchange.code != 200:
        return NotShown("", f"it is the capture of an error, {exchange.code}")
    media = exchange.header("content-type")
    found, is_selected = _extracted(exchange.body, media, original, wanted.selection)
    if isinstance(found, Unextracted):
        return NotShown("", found.reason)
    headers = {name.lower(): value for name, value in exchange.headers}
    answer = Answer(original, exchange.code, headers, exchange.body)
    offered = Offered(
        original,
        Chain((Hop(original, exchange.code),), answer),
        pages.read(exchange.body, media),
        found,
        wanted.language,
    )
    # How much of the present text it holds says nothing here: policies are rewritten.
    for refusal in refusals(offered, wanted.present, 0.0):
        if refusal.name not in accepted or not found.text:
            return NotShown(refusal.name, refusal.evidence)
    return Shown(found.text, extractor_of(found.kind), is_selected)


def _extracted(
    body: bytes, media: str, original: str, selection: Selection
) -> tuple[Extraction | Unextracted, bool]:
    found = extract(body, media, address=original, selection=selection)
    if isinstance(found, Extraction) or selection == _NO_SELECTION:
        return found, selection != _NO_SELECTION
    return extract(body, media, address=original), False
