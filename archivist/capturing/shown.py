"""Whether a memento shows the text of a version."""

from __future__ import annotations

from datetime import date

from archivist.capturing.texts import essence, text_of
from archivist.entry import Entry
from archivist.extraction import Extraction, Selection, extract
from archivist.net.fetch import Answer
from archivist.refusal import share_kept
from archivist.wayback.cdx import Capture


def unlike(answer: Answer, capture: Capture, entry: Entry, then: date | None) -> str:
    """What a memento shows instead of the text of an entry, captured `then`; blank if that text.

    White space, forms of quotes, and the dates of the two days do not count.
    """
    selection = Selection(entry.value("content selector"), entry.value("remove selector"))
    media = answer.headers.get("content-type", "")
    made = extract(answer.body, media, address=capture.original, selection=selection)
    if answer.status != 200:
        return f"shows no text: it is the capture of a {answer.status}"
    if not isinstance(made, Extraction):
        return f"shows no text: {made.reason}"
    text = text_of(entry.body)
    if essence(text, then) == essence(made.text, capture.day):
        return ""
    share = share_kept(text, made.text)
    if share == 1:
        return "shows more than this text: all of its words, and others"
    return f"shows another text, with {min(share, 0.999):.1%} of the words in their order".replace(
        "%", " %"
    )
