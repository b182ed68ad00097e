"""Names of policies: how they compare, what they are without their year, the ids they make."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

_QUOTES = str.maketrans("‘’‛′“”„‟″", '\'\'\'\'"""""')
_YEAR = re.compile(r"\(?(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])\)?")
_PARENTHESIS = re.compile(r"\([^()]*\)")
_FEW = 4  # ids that are offered for the beginning of one
_NOT_SLUG = re.compile(r"[^a-z0-9]+")
# Letters that are no other letter with a mark: Unicode does not take them apart.
_LETTERS = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th"}
    | {"ı": "i", "ħ": "h", "ŧ": "t"}
)
_APOSTROPHES = re.compile(r"(?<=[a-z0-9])'(?=[a-z0-9])")


def fold(name: str) -> str:
    """The form in which names compare: NFKC, case, blanks and quotes folded, no leading "the"."""
    if not name.isascii():
        name = unicodedata.normalize("NFKC", name).translate(_QUOTES)
    return " ".join(name.casefold().split()).removeprefix("the ").removesuffix(".")


def years(name: str) -> list[str]:
    """The years that a name mentions."""
    return [match.strip("()") for match in _YEAR.findall(name)]


def without_year(name: str) -> str:
    """`RubyConf 2013` → `RubyConf`; a name without a year, or of nothing but one, stays."""
    rest = " ".join(_YEAR.sub(" ", name).split()).strip(" -–—,")
    return rest or name


def series(title: str) -> str:
    """What the years of a conference have in common: the folded title without its year."""
    folded = fold(title)
    return without_year(folded) if _YEAR.search(folded) else folded


def slug(name: str) -> str:
    """A name as an id: lower-case ASCII words joined by hyphens; may be empty (`東京`)."""
    plain = name.lower()
    if not plain.isascii():
        plain = unicodedata.normalize("NFKD", plain.translate(_QUOTES).translate(_LETTERS))
        plain = plain.encode("ascii", "ignore").decode().lower()
    plain = _APOSTROPHES.sub("", plain)
    return _NOT_SLUG.sub("-", plain).strip("-")


def id_for(title: str) -> str:
    """The id that a title suggests: its words without a parenthesis, then its year."""
    short = _PARENTHESIS.sub(" ", title) if _PARENTHESIS.sub("", title).strip() else title
    mentioned = years(title)
    stem = slug(without_year(short))
    year = mentioned[-1] if mentioned and mentioned[-1] != stem else ""
    return "-".join(filter(None, (stem, year)))


def agrees(entry_id: str, title: str) -> bool:
    """True if an id and a title are plausibly of one policy.

    At least half of the title's words (without years and parentheses) stand in the id, and where
    the title has a year, the id has it as well. A title that has no ASCII form agrees with any id.
    """
    if title.lower().replace(" ", "-") == entry_id:  # nearly always
        return True
    if any(year not in entry_id for year in years(title)[-1:]):
        return False
    words = slug(without_year(_PARENTHESIS.sub(" ", title))).split("-")
    letters = [char for char in title if char.isalpha()]
    if words == [""] or sum(char.isascii() for char in letters) * 2 < len(letters):
        return True
    joined = entry_id.lower().replace("-", "")
    initials = "".join(word[0] for word in words)
    found = sum(word in joined for word in words)
    return found * 2 >= len(words) or (len(initials) > 1 and initials in entry_id.split("-"))


class NearNames:
    """Finds the known name that is most like another one, among thousands.

    Compared are only those that share the most of the name's rarest trigrams, so that a search
    does not look at all.
    """

    _TRIGRAMS, _LONGEST, _CANDIDATES = 8, 300, 20

    def __init__(self, known: Iterable[str]) -> None:
        self._names = {fold(name): name for name in known}
        for name in list(self._names.values()):  # credits may leave out the year of a title
            shorter = without_year(name) if name != slug(name) else name
            self._names.setdefault(fold(shorter), shorter)
        self._postings: dict[str, list[str]] = {}
        self._found: dict[tuple[str, float], str | None] = {}
        for folded in self._names:
            for trigram in _trigrams(folded):
                self._postings.setdefault(trigram, []).append(folded)

    def nearest(self, name: str, cutoff: float) -> str | None:
        """The known name most like this one; None if none is like it."""
        key = fold(name), cutoff
        if key not in self._found:
            self._found[key] = self._nearest(*key)
        return self._found[key]

    def _nearest(self, folded: str, cutoff: float) -> str | None:
        import difflib  # only ever needed for a mistake

        lists = [self._postings[one] for one in sorted(_trigrams(folded)) if one in self._postings]
        shared = Counter(
            name
            for names in sorted(lists, key=len)[: self._TRIGRAMS]
            for name in names[: self._LONGEST]
        )
        candidates = [name for name, _ in shared.most_common(self._CANDIDATES)]
        close = difflib.get_close_matches(folded, candidates, n=1, cutoff=cutoff)
        return self._names[close[0]] if close else None


def _trigrams(folded: str) -> set[str]:
    padded = f"  {folded} "
    return {padded[place : place + 3] for place in range(min(len(padded), 200) - 2)}


def begun(name: str, ids: Iterable[str]) -> str | None:
    """The few ids that begin with what somebody typed, as a choice; None if none do, or many."""
    begin = slug(name)
    found = {one for one in ids if one.startswith(begin) and one == slug(one)} if begin else ()
    return " or ".join(sorted(found)) if 0 < len(found) <= _FEW else None


def nearest(word: str, known: Iterable[str], cutoff: float = 0.7) -> str | None:
    """The known word most like this one, compared folded; None if none is like it."""
    import difflib  # only ever needed for a mistake

    folded = {fold(one): one for one in known}
    close = difflib.get_close_matches(fold(word), folded, n=1, cutoff=cutoff)
    return folded[close[0]] if close else None
