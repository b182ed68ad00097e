"""What a rule is: a generator of findings about one entry, whose docstring is its documentation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from enum import Enum
from functools import cached_property
from typing import NamedTuple, TypeVar

from archivist.archive import Archive
from archivist.cycles import Cycles
from archivist.diagnostic import Finding, Severity
from archivist.entry import Entry
from archivist.schema import Schemas

T = TypeVar("T")


class Context:
    """What a rule may know besides the entry: the whole archive, the schemas, and today's date."""

    def __init__(self, archive: Archive, schemas: Schemas, today: date) -> None:
        self.archive = archive
        self.schemas = schemas
        self.today = today
        self._memory: dict[tuple[str, str], object] = {}
        self._latest: dict[str, tuple[Entry, object]] = {}

    def of(self, archive: Archive) -> Context:
        """The same schemas and day for another archive, of which nothing is known yet."""
        return Context(archive, self.schemas, self.today)

    @cached_property
    def cycles(self) -> Cycles:
        """The cycles of credits in the archive."""
        return Cycles(self.archive)

    def last(self, what: str, entry: Entry, compute: Callable[[], T]) -> T:
        """Compute a thing of one entry that several rules ask for in turn."""
        latest = self._latest.get(what)
        if latest is None or latest[0] is not entry:
            latest = self._latest[what] = (entry, compute())
        return latest[1]  # type: ignore[return-value]  # what `compute` gave

    def encoded(self, entry: Entry) -> bytes:
        """An entry's text in UTF-8, with lone surrogates as if they were characters."""
        return self.last("encoded", entry, lambda: entry.text.encode("utf-8", "surrogatepass"))

    def once(self, what: str, key: str, compute: Callable[[], T]) -> T:
        """Compute a thing that many entries share a single time, to keep checks linear."""
        if (what, key) not in self._memory:
            self._memory[what, key] = compute()
        return self._memory[what, key]  # type: ignore[return-value]  # what `compute` gave


class When(Enum):
    """Which entries a rule can say anything about; the others are spared the question."""

    ALWAYS = "always"
    UNREAD = "the file was not read"
    FLAWED = "the front matter is not well formed"
    NOT_ASCII = "the text is not all ASCII"


Check = Callable[[Entry, Context], Iterator[Finding]]


class Rule(NamedTuple):
    """A requirement on entries. `code` is stable, `name` its words; `severity` what it weighs by
    default. `crosses` is True if the finding may depend on other entries; `when`, and the key it
    `needs`, say which entries it is about at all.
    """

    code: str
    name: str
    severity: Severity
    check: Check
    crosses: bool = False
    when: When = When.ALWAYS
    needs: str = ""

    @property
    def _sections(self) -> dict[str, str]:
        return _sections(self.check.__doc__ or "")

    @property
    def requirement(self) -> str:
        """One sentence: what must be."""
        return self._sections["requirement"]

    @property
    def explanation(self) -> str:
        """Why, and what else there is to know; paragraphs."""
        return self._sections["explanation"]

    @property
    def bad(self) -> str:
        """Lines of an entry that break the rule."""
        return self._sections["Bad:"]

    @property
    def good(self) -> str:
        """The lines put right."""
        return self._sections["Good:"]


def rule(
    code: str,
    name: str,
    severity: Severity = Severity.ERROR,
    *,
    crosses: bool = False,
    when: When = When.ALWAYS,
    needs: str = "",
) -> Callable[[Check], Rule]:
    """Make a generator function a rule."""
    return lambda check: Rule(code, name, severity, check, crosses, when, needs)


def _sections(doc: str) -> dict[str, str]:
    """A rule's docstring: requirement, explanation, and the examples below `Bad:` and `Good:`."""
    from inspect import cleandoc  # which takes longer to import than most checks

    doc = cleandoc(doc)
    requirement, _, rest = doc.partition("\n")
    explanation, _, examples = rest.partition("\nBad:\n")
    bad, _, good = examples.partition("\nGood:\n")
    return {
        "requirement": requirement.strip(),
        "explanation": explanation.strip(),
        "Bad:": cleandoc("\n" + bad).strip("\n"),
        "Good:": cleandoc("\n" + good).strip("\n"),
    }
