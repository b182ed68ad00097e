"""What extraction gives: a text with its doubts, or the reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """What a source's bytes are."""

    HTML = "html"
    TEXT = "text"
    MARKDOWN = "markdown"
    PDF = "pdf"


class Doubt(NamedTuple):
    """A sign that the text may not be the policy and nothing but it: a name, and what was seen."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Selection:
    """The parts of a page that an entry names by CSS selectors; blank where it names none."""

    content: str = ""
    remove: str = ""


@dataclass(frozen=True, slots=True)
class Extraction:
    """The archive's text of a source: lines that end in LF, the last one too, or blank.

    `title` and `language` are the page's own, blank if it gives none. `lost` counts characters
    that could not be decoded. Of what was found with a selector the only doubt is that it is short.
    """

    text: str
    kind: Kind
    title: str = ""
    language: str = ""
    charset: str = ""
    lost: int = 0
    doubts: tuple[Doubt, ...] = ()


class Unextracted(NamedTuple):
    """Why there is no text, and what would help."""

    reason: str
    hint: str = ""
