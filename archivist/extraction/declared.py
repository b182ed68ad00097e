"""The date that a policy itself declares: “last updated”, “effective”, in several languages.

A number such as 04/02/2014 is read only where it can mean one day, or where the language of the
words before it says which: nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from archivist.dates import MONTHS, PolicyDate, read

_HEAD, _TAIL = 6000, 1500  # characters at both ends where such a line stands
_FIRST_LINES = 6
_FAR = 60  # characters between the words and their date
# Day before month, but in English, where both are written.
_LABELS = {
    "en": r"(?:last|latest|most recently|first)? ?(?:updated?|revis(?:ed|ion)|modified|amended|"
    r"changed|reviewed|published|posted)(?: date)?|effective(?: date| as of| from| on)?|"
    r"in (?:effect|force)(?: from| as of| since)?|date of (?:last revision|last update)|"
    r"version(?: date| of)?|valid (?:from|as of)|as of|established|issued",
    "fr": r"derni[èe]re (?:mise [àa] jour|modification|r[ée]vision)|mis(?:e|es)? [àa] jour|"
    r"[àa] jour (?:du|au)|date (?:d[’']effet|d[’']entr[ée]e en vigueur)|en vigueur|"
    r"applicables?|[àa] (?:compter|partir) d[ue]|date de r[ée]vision|version du|en date du",
    "de": r"stand|zuletzt (?:aktualisiert|ge[äa]ndert)|letzte (?:aktualisierung|[äa]nderung)|"
    r"g[üu]ltig (?:ab|seit)|in kraft (?:seit|ab|getreten am)|fassung vom|version vom",
    "es": r"[úu]ltima (?:actualizaci[óo]n|modificaci[óo]n|revisi[óo]n)|actualizad[oa]|vigente|"
    r"fecha de entrada en vigor",
    "it": r"ultim[oa] (?:aggiornamento|modifica|revisione)|aggiornat[oa]|in vigore",
    "pt": r"[úu]ltima (?:atualiza[çc][ãa]o|modifica[çc][ãa]o|revis[ãa]o)|atualizad[oa]|em vigor",
    "nl": r"laatst (?:bijgewerkt|gewijzigd|herzien)|van kracht|ingangsdatum|versie van",
}
_LABEL = re.compile(
    rf"\b(?:{'|'.join(f'(?P<{language}>{words})' for language, words in _LABELS.items())})\b",
    re.IGNORECASE,
)
# The months by their first letters, in the languages above.
_MONTHS = (
    (r"jan(?:uary|uar|vier|eiro|uari|v)?|j[äa]nner|enero|ene|gennaio|gen"),
    (r"feb(?:ruary|ruar|rero|braio|ruari|r)?|f[ée]v(?:rier|ereiro|r)?"),
    (r"mar(?:ch|s|zo|t|ço|co)?|m[äa]rz|maart|mrt"),
    (r"apr(?:il|ile)?|avril|avr|abril|abr"),
    (r"may|mai|mayo|maggio|mag|maio|mei"),
    (r"june?|juin|juni|junio|giugno|giu|junho|jun"),
    (r"july?|juil(?:let)?|juli|julio|luglio|lug|julho|jul"),
    (r"aug(?:ust|ustus)?|ao[ûu]t|agosto|ago"),
    (r"sept?(?:ember|embre|iembre)?|settembre|set(?:embro)?"),
    (r"oct(?:ober|obre|ubre)?|okt(?:ober)?|ottobre|ott|outubro|out"),
    (r"nov(?:ember|embre|iembre|embro)?"),
    (r"dec(?:ember)?|dez(?:ember|embro)?|d[ée]c(?:embre)?|dic(?:iembre|embre)?"),
)
_MONTH = "|".join(f"(?P<m{number}>{names})" for number, names in enumerate(_MONTHS, 1))
_WRITTEN = re.compile(
    rf"(?:(?P<before>[0-9]{{1,2}})(?:st|nd|rd|th|er|\.|º|°)?\s+(?:of |de )?)?\b(?:{_MONTH})\b\.?"
    r"(?:,?\s+(?P<behind>[0-9]{1,2})(?:st|nd|rd|th)?(?=\s*,|\s+[0-9]{4}))?"
    r"\s*,?\s+(?:de |del )?(?P<year>(?:19|20)[0-9]{2})(?![0-9])",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_ISO = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?![0-9])")
_SLASHED = re.compile(r"(?<![0-9])([0-9]{1,2})([/.-])([0-9]{1,2})\2((?:19|20)[0-9]{2})(?![0-9])")


def declared_date(text: str) -> PolicyDate | None:
    """The date that the text gives for itself; None if it gives none, or none that can be read.

    Of several, the first at its beginning, else the last at its end, else a date that stands alone
    on one of the first lines.
    """
    found = next(_dates(text[:_HEAD]), None)
    if found is None and len(text) > _HEAD:
        *_, found = (None, *_dates(text[max(_HEAD, len(text) - _TAIL) :]))
    return found or _alone(text)


def _alone(text: str) -> PolicyDate | None:
    lines = [line.strip() for line in text[:_HEAD].splitlines() if line.strip()]
    for line in lines[:_FIRST_LINES]:
        match = _WRITTEN.fullmatch(line) or _ISO.fullmatch(line)
        if match:
            return _date_in(line, "en")
    return None


def _dates(text: str) -> Iterator[PolicyDate]:
    for start, end in _near_years(text):
        for match in _LABEL.finditer(text, start, end):
            behind = text[match.end() : match.end() + _FAR].lstrip(" \t:.,–—-)]*")
            line, _, following = behind.partition("\n")
            near = line if line.strip() else following.lstrip("\n").partition("\n")[0]
            date = _date_in(near, match.lastgroup or "en")
            if date is not None:
                yield date


def _near_years(text: str) -> Iterator[tuple[int, int]]:
    """Where the lines are that a year follows as closely as a date must follow its words: to look
    for years is a hundred times faster than to look for words.
    """
    done = 0
    for year in _YEAR.finditer(text):
        start = text.rfind("\n", done, max(year.start() - _FAR, done)) + 1 or done
        end = text.find("\n", year.start())
        end = len(text) if end < 0 else end
        if start < end:
            yield start, end
            done = end


def _date_in(text: str, language: str) -> PolicyDate | None:
    """The first date in a short text."""
    written = _WRITTEN.search(text)
    if written:
        month = next(number for number in range(1, 13) if written[f"m{number}"])
        day = written["behind"] or written["before"]
        return _day(f"{MONTHS[month - 1]} {day or ''} {written['year']}")
    if iso := _ISO.search(text):
        return _day("-".join(iso.groups()))
    if slashed := _SLASHED.search(text):
        return _of_slashed(slashed, language)
    return None


def _day(text: str) -> PolicyDate | None:
    found = read(" ".join(text.split()))
    return found if isinstance(found, PolicyDate) else None


def _of_slashed(match: re.Match[str], language: str) -> PolicyDate | None:
    first, _, second, year = match.groups()
    if language != "en" or match[2] == "." or int(first) > 12:
        return _day(f"{year}-{second}-{first}")
    if int(second) > 12 or first == second:
        return _day(f"{year}-{first}-{second}")
    return None
