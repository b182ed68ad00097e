"""The date that a policy itself declares: “last updated”, “effective”, in several languages.

Policies name other days, too: when a guild was founded, or a law amended. So the words must be
about this text (they begin a line, or speak of “this policy”), and the date must be next to them.
A number such as 04/02/2014 is read only where it can mean one day, or where the language of the
words before it says which: nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from archivist.dates import MONTHS, PolicyDate, read
from archivist.extraction.written import ISO, SLASHED, WEEKDAY, WRITTEN, month_of

_HEAD, _TAIL = 6000, 1500  # characters at both ends where such a line stands
_FIRST_LINES = 6
_NO_TIMES: Mapping[str, PolicyDate] = {}
_FAR = 60  # characters between the words and their date
# Day before month, but in English, where both are written.
_LABELS = {
    "en": r"(?:last|latest|most recently|first)? ?(?:updated?|revis(?:ed|ion)|modified|amended|"
    r"changed|reviewed|published|posted)(?: date)?|effective(?: date| as of| from| on)?|"
    r"in (?:effect|force)(?: from| as of| since)?|date of (?:last revision|last update)|"
    r"version(?: date| of)?|valid (?:from|as of)|as of|established|issued",
    "fr": r"derni[èe]re (?:mise [àa] jour|modification|r[ée]vision)|mis(?:e|es)? [àa] jour|"
    r"[àa] jour (?:du|au)|date (?:d[’']effet|d[’']entr[ée]e en vigueur)|"
    r"(?:entr[ée]e )?en vigueur|"
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
# Of these a text may say much else: they count on a line that ends with them, and of some the line
# must say nothing else.
_WEAK = re.compile(
    r"posted|published|reviewed|changed|(?P<alone>established|issued|as of)", re.IGNORECASE
)
# Words that may as well begin a sentence: “Effective May 1, all guests …”
_ADVERBIAL = re.compile(
    r"effective(?! date).*|in (?:effect|force).*|valid .*|applicables?|[àa] (?:compter|partir) .*"
    r"|en vigueur|g[üu]ltig .*|vigente|in vigore|em vigor|van kracht",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_THIS = (
    r"(?:this|these|our|present|current|cet?|ces|cette|pr[ée]sentes?|notre|nos|diese[rsmn]?|unsere?"
    r"|est[aeo]s?|nuestr[ao]s?|quest[aeoi]|nossa|deze|dit|onze)"
)
_TEXT = (
    r"(?:polic(?:y|ies)|codes?|terms|agreement|statement|notice|guidelines?|rules?|conditions"
    r"|standards|document|page|version|revision|charter|covenant|politique|charte|d[ée]claration"
    r"|contrat|cg[uv]|r[èe]glement|datenschutz\w*|richtlinien?|\w*bedingungen|agb|\w*erklärung"
    r"|fassung|\w*kodex|pol[íi]tica|t[ée]rminos|condiciones|c[óo]digo|informativa|termini"
    r"|condizioni|termos|condi[çc][õo]es|beleid|\w*verklaring|\w*voorwaarden)"
)
_IS = r"(?:was|were|is|are|has been|have been|est|sont|ist|sind|wurden?|es|fue|è|é|foi|werd)"
_BEGINS = re.compile(
    rf"[\W\d_]*(?:(?:it|they|this|these) {_IS} |date (?:of (?:the )?|de (?:la )?)"
    r"|datum der |fecha de (?:la )?|data (?:da |dell['’] ?))?",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    rf".*\b{_THIS}\b.*\b{_TEXT}\b.*|[\W\d_]*(?:[^\W\d_][\w’'&-]* ){{0,5}}{_TEXT}\b[\W\d_]*"
    rf"(?:{_IS} )?",
    re.IGNORECASE,
)
_BESIDE = re.compile(r".{1,80}[^\S\n](?:[(\[|–—-] ?)")  # a title, on whose line the words stand
_LONGEST = 160  # characters of a sentence before the words
_SENTENCE = re.compile(r"[.!?;](?:\s+|$)")
# What may stand between the words and their date.
_JOIN = re.compile(
    rf"(?:[\s:.,–—()\[\]*\"'-]|{WEEKDAY}|\b(?:on|the|as|of|from|since|date|is|le|du|de|la|au|am|vom"
    r"|den|dem|der|el|il|dal|em|op|ab|a|à|partir|compter)\b"
    r"|\bv?[0-9]+(?:\.[0-9]+)*(?=\s*[,(–—]|\s+-\s)){0,20}",
    re.IGNORECASE,
)
_ENDS = re.compile(r"[^\S\n]*(?:$|[\n.;:|()\[\]•·–—-]|,?[^\S\n]*(?:at |by |par |von )?[0-9])")
_LINE_ENDS = re.compile(r"[^\S\n]*[.)\]*]*[^\S\n]*(?:$|\n)")


def declared_date(text: str, times: Mapping[str, PolicyDate] = _NO_TIMES) -> PolicyDate | None:
    """The date that the text gives for itself; None if it gives none, or none that can be read.
    `times` are days that are known by the words for them: of use where those could mean two.

    Of several, the first at its beginning, else the last at its end, else a date that stands alone
    on one of the first lines.
    """
    found = next(_dates(text[:_HEAD], times), None)
    if found is None and len(text) > _HEAD:
        *_, found = (None, *_dates(text[max(_HEAD, len(text) - _TAIL) :], times))
    return found or _alone(text)


def _alone(text: str) -> PolicyDate | None:
    lines = [line.strip() for line in text[:_HEAD].splitlines() if line.strip()]
    for line in lines[:_FIRST_LINES]:
        match = WRITTEN.fullmatch(line) or ISO.fullmatch(line)
        if match:
            return _date_in(line, "en")
    return None


def _dates(text: str, times: Mapping[str, PolicyDate]) -> Iterator[PolicyDate]:
    for first, last in _near_years(text):
        for match in _LABEL.finditer(text, first, last):
            joined = _JOIN.match(text, match.end(), match.end() + _FAR)
            start = joined.end() if joined else match.end()
            found = _date_at(text, start, match.lastgroup or "en")
            found = found or _time_at(text, match.end(), start, times)
            if found is None:
                continue
            date, end = found
            if _is_of_this_text(text, match, end):
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


def _is_of_this_text(text: str, label: re.Match[str], end: int) -> bool:
    """True if a label whose date ends at `end` speaks of the text in which it stands."""
    at = max(text.rfind("\n", 0, label.start()) + 1, label.start() - _LONGEST)
    line = text[at : label.start()]
    lead = line[max((one.end() for one in _SENTENCE.finditer(line)), default=0) :]
    begins = _BEGINS.fullmatch(lead)
    words = label[0].strip()
    if weak := _WEAK.fullmatch(words):
        alone = not weak["alone"] or _BEGINS.fullmatch(line)
        return bool(begins and alone and _LINE_ENDS.match(text, end))
    if not begins:
        beside = _BESIDE.fullmatch(line) and _LINE_ENDS.match(text, end)
        return bool(beside or _ABOUT.fullmatch(lead))
    must_end = len(lead) < len(line) or _ADVERBIAL.fullmatch(words)
    return not must_end or bool(_ENDS.match(text, end))


def _date_at(text: str, start: int, language: str) -> tuple[PolicyDate, int] | None:
    """The date that begins here, and where it ends."""
    for pattern in (WRITTEN, ISO, SLASHED):
        if match := pattern.match(text, start):
            date = _date_in(match[0], language)
            return (date, match.end()) if date else None
    return None


def _time_at(
    text: str, first: int, last: int, times: Mapping[str, PolicyDate]
) -> tuple[PolicyDate, int] | None:
    """The day of words that begin here or there, and where they end."""
    for words, day in times.items():
        place = text.find(words, first, last + len(words))
        if place >= 0:
            return day, place + len(words)
    return None


def _date_in(text: str, language: str) -> PolicyDate | None:
    """The first date in a short text."""
    written = WRITTEN.search(text)
    if written:
        day = written["behind"] or written["before"]
        return _day(f"{MONTHS[month_of(written) - 1]} {day or ''} {written['year']}")
    if iso := ISO.search(text):
        return _day("-".join(iso.groups()))
    if slashed := SLASHED.search(text):
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
