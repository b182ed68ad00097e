"""What becomes of a capture that was asked for, as values; and which capture is the one."""

from __future__ import annotations

import re
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import NamedTuple

from archivist.addresses import url_key
from archivist.net.fetch import Answer
from archivist.wayback.cdx import Capture

UNANSWERED = "unanswered"  # the code of what nobody refused
STAMP = re.compile(r"[0-9]{14}")


class Saved(NamedTuple):
    """There is a capture: the memento's URL, its timestamp (14 digits), the URL captured, and what
    it shows (None if that is known to be the text).
    """

    url: str
    memento: str
    stamp: str
    original: str
    answer: Answer | None = None


class Pending(NamedTuple):
    """A capture that was asked for at `since` (RFC 3339, UTC) and is not there yet.

    `also` are other URLs that the page has (those that `url` redirects to). `job` is blank if it
    is not known; `stamp` and `original` are, as soon as the job says them.
    """

    url: str
    since: str
    also: tuple[str, ...] = ()
    job: str = ""
    stamp: str = ""
    original: str = ""
    reason: str = ""


class Refused(NamedTuple):
    """There is no capture: Save Page Now's code, why in words, and whether asking again on another
    day is of no use.
    """

    url: str
    code: str
    reason: str
    is_permanent: bool


def is_of(original: str, wanted: Pending) -> bool:
    """True if a captured URL is one of the page's."""
    keys = {url_key(one) for one in (wanted.url, *wanted.also)}
    return url_key(original) in keys


def is_new(capture: Capture, since: datetime) -> bool:
    """True for a capture of a page, no older than that."""
    return capture.timestamp >= since.strftime("%Y%m%d%H%M%S") and capture.status in (0, 200)


def stamp_of(answer: Answer) -> str:
    """The second of a capture, by its `Memento-Datetime` (RFC 7089), as 14 digits; blank if it has
    none.
    """
    try:
        when = parsedate_to_datetime(answer.headers.get("memento-datetime", ""))
    except ValueError:
        return ""
    return when.strftime("%Y%m%d%H%M%S")
