"""Made-up titles, ids, hosts and URLs, each given once."""

from __future__ import annotations

import re
import unicodedata
from random import Random

from benchmarks.words import CONFERENCES, ORGANIZATIONS, PAGES, TITLE_FIRST, TITLE_SECOND


def slug(title: str) -> str:
    """The id of a title."""
    letters = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    return re.sub("[^a-z0-9]+", "-", letters.lower().replace("'", "")).strip("-")


class Names:
    """Gives names that nobody has yet."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._taken: set[str] = set()
        self._series: list[str] = []  # conferences, without their years

    def conference(self, year: int) -> tuple[str, str]:
        """A title with its year, and its host: a new conference, or the next edition of one."""
        if self._series and self._random.random() < 0.6:
            for name in self._random.choices(self._series, k=3):
                if self._take(f"{name} {year}"):
                    return f"{name} {year}", _host(name)
        name = self._name(CONFERENCES)
        self._series.append(name)
        self._take(f"{name} {year}")
        return f"{name} {year}", _host(name)

    def organization(self) -> tuple[str, str]:
        """A title and its host."""
        name = self._name(ORGANIZATIONS)
        return name, _host(name)

    def alias(self, title: str) -> str:
        """Another name for a title; blank if there is none left."""
        letters = "".join(word[0] for word in slug(title).split("-") if word.isalpha()).upper()
        alias = f"{letters} {self._random.choice(TITLE_SECOND)} {self._random.choice(TITLE_FIRST)}"
        return alias if self._take(alias) else ""

    def url(self, host: str, *steps: str) -> str:
        """Where a policy stands."""
        scheme = "http" if self._random.random() < 0.2 else "https"
        www = "www." if self._random.random() < 0.15 else ""
        return "/".join((f"{scheme}://{www}{host}", *steps, self._random.choice(PAGES)))

    def outside(self) -> str:
        """The URL of a policy that is not archived."""
        number = self._random.randrange(1000)
        return f"https://outside-{number}.example/{self._random.choice(PAGES)}"

    def _name(self, kinds: tuple[str, ...]) -> str:
        while True:
            words = [self._random.choice(one) for one in (TITLE_FIRST, TITLE_SECOND, kinds)]
            if self._random.random() < 0.25:
                words.insert(0, self._random.choice(TITLE_FIRST))
            name = " ".join(words)
            chance = self._random.random()
            if chance < 0.01:
                name = f"{name} #{self._random.randint(2, 40)}"
            elif chance < 0.02:
                name = f"{name}: {self._random.choice(('North', 'South', 'Winter'))} Edition"
            if self._take(name):
                return name

    def _take(self, name: str) -> bool:
        """True if nobody had this name; then it is taken."""
        key = slug(name)
        if key in self._taken:
            return False
        self._taken.add(key)
        return True


def _host(name: str) -> str:
    return f"{slug(name)}.example"
