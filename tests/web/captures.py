"""What the Wayback Machine has captured."""

from __future__ import annotations

import base64
import hashlib
import re
from calendar import monthrange
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Literal, TypedDict
from urllib.parse import urlsplit

Form = Literal["absolute", "path", "schemeless"]  # how playback gives the place a page went to

COLUMNS = ("urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length")


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """A capture, and the oddities that real ones have."""

    url: str  # as it was captured
    timestamp: str  # 14 digits
    body: bytes = b""
    status: int = 200
    mimetype: str = "text/html"
    headers: tuple[tuple[str, str], ...] = ()  # of the page, at that time
    location: str | None = None  # where the page redirected to
    form: Form = "absolute"
    revisit: bool = False  # unchanged: the row says `warc/revisit` and `-`
    listed: bool = True  # in the index
    playable: bool = True
    sends_to: str | None = None  # the timestamp that playback redirects to instead
    original: str | None = None  # in the index: `:80`, or garbage
    rows: int = 1  # how often the index has the row
    length: str | None = None  # in the index; `-` occurs
    twice_encoded: bool = False  # gzip-ed once, said to be twice

    @property
    def key(self) -> str:
        """What the index finds it by."""
        return surt(self.url)

    @property
    def digest(self) -> str:
        """Of the body, as the index gives it."""
        return base64.b32encode(hashlib.sha1(self.body).digest()).decode()

    @property
    def moment(self) -> datetime:
        """When it was made."""
        return moment(self.timestamp)

    @property
    def row(self) -> dict[str, str]:
        """Its row in the index."""
        values = (
            self.key,
            self.timestamp,
            self.original or self.url,
            "warc/revisit" if self.revisit else self.mimetype,
            "-" if self.revisit else str(self.status),
            self.digest,
            self.length or str(len(self.body) + 400),
        )
        return dict(zip(COLUMNS, values, strict=True))


class Details(TypedDict, total=False):
    """What can be said of a Capture besides its URL, time and body."""

    status: int
    mimetype: str
    headers: tuple[tuple[str, str], ...]
    location: str
    form: Form
    revisit: bool
    listed: bool
    playable: bool
    sends_to: str
    original: str
    rows: int
    length: str
    twice_encoded: bool


@dataclass
class Captures:
    """All captures, oldest first."""

    everything: list[Capture] = field(default_factory=list)

    def add(self, capture: Capture) -> None:
        """Put it where it belongs."""
        self.everything.append(capture)
        self.everything.sort(key=lambda one: (one.key, one.timestamp))

    def of(self, url: str) -> list[Capture]:
        """Those of a URL, oldest first, whatever form of the URL they were captured by."""
        key = surt(url)
        return [one for one in self.everything if one.key == key]

    def at(self, url: str, timestamp: str) -> Capture | None:
        """The one of that second."""
        return next((one for one in self.of(url) if one.timestamp == timestamp), None)

    def nearest(self, url: str, timestamp: str) -> Capture | None:
        """The playable one nearest to a time, of which fewer digits may be given."""
        wanted = moment(bound(timestamp, upper=False))
        playable = [one for one in self.of(url) if one.playable and not one.sends_to]
        return min(playable, key=lambda one: abs(one.moment - wanted), default=None)


def surt(url: str) -> str:
    """The key under which the index has a URL: scheme, `www`, default ports, case and a slash at
    the end make no difference.
    """
    parts = urlsplit(url if "://" in url else f"http://{url}")
    host = re.sub(r"^www\d*\.", "", (parts.hostname or "").lower())
    port = f":{parts.port}" if parts.port not in (None, 80, 443) else ""
    path = (parts.path.rstrip("/") or "/").lower()
    query = f"?{parts.query.lower()}" if parts.query else ""
    return f"{','.join(reversed(host.split('.')))}{port}){path}{query}"


def bound(digits: str, *, upper: bool) -> str:
    """1 to 14 digits of a time, filled up so that they compare as the first or last second meant.
    Raises ValueError for anything else.
    """
    if not re.fullmatch(r"[0-9]{1,14}", digits):
        raise ValueError(f"not a timestamp: {digits}")
    return digits.ljust(14, "9" if upper else "0")


def moment(timestamp: str) -> datetime:
    """The moment of a timestamp. Months and days that do not exist are moved to one that does."""
    year, month = max(int(timestamp[:4]), 1), min(max(int(timestamp[4:6]), 1), 12)
    day = min(max(int(timestamp[6:8]), 1), monthrange(year, month)[1])
    hour, minute, second = (int(timestamp[at : at + 2]) for at in (8, 10, 12))
    return datetime(year, month, day, hour, minute, second, tzinfo=UTC)


def http_date(timestamp: str) -> str:
    """A timestamp as HTTP headers give it."""
    return format_datetime(moment(timestamp), usegmt=True)
