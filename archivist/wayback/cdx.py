"""The CDX server: which captures there are. Its query, and the rows of its answer.

Neither `closest` nor a negative `limit` is used: they read only parts of the index. The nearest
capture is chosen on our side, from a window.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from urllib.parse import quote

_FIELDS = "timestamp,original,mimetype,statuscode,digest"
MOST = 2000  # rows of one answer
_STAMP = re.compile(r"[0-9]{14}")


class Capture(NamedTuple):
    """A capture in the index: its timestamp (14 digits), the URL that was captured, the status that
    the page had then (0 for a revisit, which repeats an earlier one), and the body's digest.
    """

    timestamp: str
    original: str
    status: int
    digest: str

    @property
    def moment(self) -> datetime:
        """The time of the capture, in UTC. Raises ValueError for one that no calendar has."""
        return datetime.strptime(self.timestamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)

    @property
    def day(self) -> date:
        """The day of the capture."""
        return datetime.strptime(self.timestamp[:8], "%Y%m%d").date()  # noqa: DTZ007 -- a day


def query(base: str, url: str, day: date | None, window: timedelta | None) -> str:
    """The URL that asks for the captures of `url` around a day; of all times, one a month, without
    a window.
    """
    asked = f"{base}/cdx/search/cdx?url={quote(url, safe='')}&output=json&fl={_FIELDS}&limit={MOST}"
    if day is None or window is None:
        return f"{asked}&collapse=timestamp:6"
    first, last = _moved(day, -window), _moved(day, window)
    return f"{asked}&from={first:%Y%m%d}&to={last:%Y%m%d}"


def window_query(base: str, url: str, first: date, last: date) -> str:
    """The URL that asks for the captures of `url` from one day to another; of those in a row that
    had the same bytes, the first.
    """
    asked = f"{base}/cdx/search/cdx?url={quote(url, safe='')}&output=json&fl={_FIELDS}"
    return f"{asked}&limit={MOST}&collapse=digest&from={first:%Y%m%d}&to={last:%Y%m%d}"


def is_full(body: bytes) -> bool:
    """True if an answer has as many rows as it may have, so that there may be more."""
    return body.count(b"],") >= MOST  # the row with the names of the columns is one more


def captures(body: bytes) -> list[Capture] | None:
    """The rows of an answer, each once; None if it is not an answer of a CDX server.

    Rows that make no sense (there are some in the index) are left out.
    """
    try:
        rows = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(rows, list):
        return None
    return list(dict.fromkeys(_read(rows)))


def nearest(found: list[Capture], day: date) -> list[Capture]:
    """The captures that may show the page, nearest to the day first.

    Archived errors and redirects are left out. A revisit says that a page was as it was before: it
    counts if the capture that it repeats, by its digest, was a page; or if there is no telling.
    """
    statuses = {one.digest: one.status for one in found if one.status}
    good = [one for one in found if (one.status or statuses.get(one.digest, 200)) == 200]
    return sorted(good, key=lambda one: (abs((one.day - day).days), one.timestamp))


def _read(rows: list[object]) -> Iterator[Capture]:
    for row in rows[1:]:
        if not isinstance(row, list) or len(row) < 5 or not all(isinstance(x, str) for x in row):
            continue
        timestamp, original, _, status, digest = row[:5]
        if not _STAMP.fullmatch(timestamp) or not original.lower().startswith("http"):
            continue
        capture = Capture(timestamp, original, int(status) if status.isdigit() else 0, digest)
        try:
            capture.moment  # noqa: B018 -- some have a month 00
        except ValueError:
            continue
        yield capture


def _moved(day: date, by: timedelta) -> date:
    try:
        return day + by
    except OverflowError:
        return day
