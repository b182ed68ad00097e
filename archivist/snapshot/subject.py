"""Whom a capture is about: an entry as it is now, and where its source is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from archivist.addresses import problem
from archivist.capturing.texts import essence, text_of
from archivist.config.scan import Exclusion
from archivist.dates import PolicyDate, read
from archivist.entry import Entry
from archivist.extraction import Selection
from archivist.words import has_words

STUB = "source"
_ENDED = ("superseded", "withdrawn")
# Where forges show a file, and where they give it.
_FORGES = (
    (
        r"(https?://)(?:www\.)?github\.com/([^/]+/[^/]+)/blob/(.+)",
        r"\1raw.githubusercontent.com/\2/\3",
    ),
    (r"(https?://gitlab\.[^/]+/.+)/-/blob/(.+)", r"\1/-/raw/\2"),
    (r"(https?://codeberg\.org/[^/]+/[^/]+)/src/(.+)", r"\1/raw/\2"),
)


@dataclass(frozen=True)
class Subject:
    """An entry whose source is to be looked at; `moved` is another URL for it, if one was given."""

    entry: Entry
    moved: str = ""

    @property
    def asked(self) -> str:
        """The URL to ask: where the text is published, else the file in a repository; of files on
        forges, the file itself; blank if the entry names none.
        """
        return raw_file(self.moved or self.entry.value("url") or self.entry.value("forkable file"))

    @property
    def obstacle(self) -> str:
        """Why nothing can be asked; blank if it can."""
        if not self.entry.is_readable:
            return "its front matter cannot be read: `archivist check` says why"
        if self.entry.layout == STUB:
            return "is a stub, which has no text"
        if not self.asked:
            return "has no `url`"
        wrong = problem(self.asked)
        return f"its `url` {wrong}" if wrong else ""

    @property
    def is_of_today(self) -> bool:
        """True if the entry follows its source: one that was superseded or withdrawn does not."""
        return self.entry.value("status") not in _ENDED

    def excluded(self, exclusions: Iterable[Exclusion]) -> str:
        """Why the source must not be asked, by the settings of links; blank if it may be."""
        return next((one.reason for one in exclusions if one.pattern.search(self.asked)), "")

    @cached_property
    def before(self) -> str:
        """The text that is recorded; blank if there is none yet."""
        text = text_of(self.entry.body)
        return text if has_words(text) else ""

    @cached_property
    def archived(self) -> date | None:
        """The day on which that was archived."""
        found = read(self.entry.value("date archived"))
        return found.first if isinstance(found, PolicyDate) and found.is_day else None

    @cached_property
    def essence(self) -> str:
        """What of that text counts."""
        return essence(self.before, self.archived)

    @property
    def selection(self) -> Selection:
        """The selectors of the entry."""
        return Selection(self.entry.value("content selector"), self.entry.value("remove selector"))


def raw_file(url: str) -> str:
    """The URL of a file on a forge, given that of the page which shows it; any other as it is."""
    plain = url.partition("#")[0].partition("?")[0]
    for pattern, raw in _FORGES:
        if match := re.fullmatch(pattern, plain):
            return match.expand(raw)
    return url
