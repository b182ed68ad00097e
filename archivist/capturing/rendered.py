"""What a page says of its own making: the day and the time of its rendering, the years of its
copyright. Pure.

They differ each time and are no change of the policy. But policies name days, too, and on one of
these a page may be captured: so a date is taken for that of the rendering only if it was that day,
and stands alone on its line or beside words such as “today” and “printed”, and not behind “until”.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from archivist.extraction.written import WEEKDAY, WRITTEN, month_of

_NEAR = timedelta(days=1)  # zones
_FAR = 80  # characters before a date that say what it is
_MOST = 50  # dates of a line that are looked at
_LONGEST = 200  # characters around it in which its sentence is looked for
_TIME = (
    r"(?:(?:T|[ ,]+(?:at |um |à |a las |alle )?)[0-9]{1,2}[:h][0-9]{2}(?::[0-9]{2})?(?:\.[0-9]+)?"
    r"(?: ?[ap]\.?m\b\.?)?(?: ?(?:Uhr\b|\(?(?:UTC|GMT|CES?T|[ECMP][SD]T|Z)\b\)?"
    r"|[+-][0-9]{2}:?[0-9]{2}))?)?"
)
_DATED = re.compile(
    rf"(?<![\w/.-])(?:{WEEKDAY} (?:(?:den|le|el) )?)?(?:{WRITTEN.pattern}"
    r"|(?P<iy>20[0-9]{2})(?P<is>[-/.])(?P<im>[0-9]{1,2})(?P=is)(?P<id>[0-9]{1,2})(?![0-9])"
    r"|(?P<sa>[0-9]{1,2})(?P<ss>[-/.])(?P<sb>[0-9]{1,2})(?P=ss)(?P<sy>20[0-9]{2})(?![0-9])"
    r"|(?P<cy>20[0-9]{2}) ?[年년] ?(?P<cm>[0-9]{1,2}) ?[月월] ?(?P<cd>[0-9]{1,2}) ?[日일]"
    r"(?: ?(?:\([月火水木金土日一二三四五六]\)|星期[一二三四五六日天]|[月火水木金土日]曜日))?"
    rf"|(?P<packed>20[0-9]{{6}})(?![\w.-])){_TIME}",
    re.IGNORECASE,
)
_MAKING = (
    r"printed|generated|rendered|retrieved|accessed|fetched|downloaded|(?:page|file|document) "
    r"(?:was )?(?:made|created|built|loaded|served|produced)|(?:current|local|server|system) "
    r"(?:date|time)|it is(?: now)?|gedruckt|erzeugt|generiert|abgerufen|imprimée?|générée?"
    r"|consultée?|generad[oa]|impres[oa]|generat[oa]|stampat[oa]|gerad[oa]|afgedrukt|gegenereerd"
)
_OF_RENDERING = re.compile(
    rf"\b(?:{_MAKING}|today|heute|aujourd'hui|nous sommes|hoy|oggi|hoje|vandaag)\b"
    r"|今日|今天|本日|現在|印刷|打印|生成",
    re.IGNORECASE,
)
# Behind these a date is a part of what the policy says.
_OF_CONTENT = re.compile(
    r"until|till|by|before|after|from|since|through|to|between|effective|effect|force|updated?"
    r"|revis(?:ed|ion)|amended|amendment|modified|changed|reviewed|published|posted|adopted|approved"
    r"|issued|version|valid|expires?|expiry|deadline|due|ends?|begins?|starts?|starting|as|dated"
    r"|bis|ab|vom|seit|gültig|kraft|stand|aktualisiert|geändert|fassung|aktualisierung|änderung|frist"
    r"|jusqu\w*|avant|après|depuis|partir|vigueur|jour|mise|modifi\w*|modification|révision|effet"
    r"|hasta|desde|antes|vigente|vigor|actualiza\w*|fino|entro|dal|vigore|aggiorna\w*|até"
    r"|atualiza\w*|tot|vanaf|sinds|kracht|bijgewerkt|gewijzigd",
    re.IGNORECASE,
)
_EASTERN = re.compile(
    "更新|生效|修[订訂]|改[定訂]|施行|制定|[发發]布|公布|截止|まで|から|以[前降后後]|之前|起|至|迄"
)
_LETTERS = re.compile(r"[^\W\d_]+")
_FILL = ("on", "the", "at", "date", "is", "of", "am", "um", "den", "dem", "datum", "le", "la", "à")
_FILLING = frozenset((*_FILL, "de", "el", "il", "alle", "op", "em"))
_BLANK = re.compile(rf"(?:\W|\b(?:{'|'.join(sorted(_FILLING))})\b)*", re.IGNORECASE)
_LABEL = 4  # words: a line of no more may be the label of the next
_SENTENCE = re.compile(r"[.!?;] ")

_SOME = r"(?:about |over |almost |etwa |environ )?(?:an?|one|einem|einer|une?|una|[0-9]+)"
_AGO = re.compile(
    r"^\W*(?:(?:this|the|last|page|was|zuletzt|dernière|última) )*"
    r"(?:(?:updated?|modified|changed|edited|revised|reviewed|posted|published|aktualisiert"
    r"|geändert|mise? à jour|modifiée?|actualizad[oa]|aggiornat[oa]|更新)\W{0,3})?"
    rf"(?:{_SOME} (?:second|minute|hour|day|week|month|year)s? ago|yesterday|just now"
    rf"|(?:vor|il y a|hace) {_SOME} [^\W\d_]+"
    r"|[0-9]+ ?(?:秒|分钟?|時間|小时|日|天|週間|周|[かヶ个]月|年)前)\W*$",
    re.IGNORECASE,
)
_PAST = (" ago", "yesterday", "just now", "vor ", "il y a ", "hace ", "前")
_CLOCK = re.compile(
    rf"(\b(?:{_MAKING})(?: (?:at|on|um|à))?:? ?)[0-9]{{1,2}}:[0-9]{{2}}(?::[0-9]{{2}})?"
    r"(?: ?[ap]\.?m\b\.?)?(?: (?:UTC|GMT))?(?![\w:-])"
    r"|(\b(?:generated|rendered|loaded|served|executed|built|erzeugt|generiert|générée?)"
    r"(?: (?:in|within|en))? )[0-9]+(?:[.,][0-9]+)? ?(?:ms|s|secs?|seconds?|sekunden|secondes?)\b",
    re.IGNORECASE,
)
_YEARS = (
    r"(?:19|20)[0-9]{2}(?: ?[-/,&] ?(?:19|20)[0-9]{2})*(?: ?- ?(?:present|now|today|heute)\b)?"
    r"(?![\w/-])"
)
_SIGN = r"(?:©|\(c\)|\bcopyright\b)"
_COPYRIGHT = re.compile(
    rf"({_SIGN}(?: ?{_SIGN}){{0,3}}[:,]? ?){_YEARS}"
    rf"|(?<![\w/-]){_YEARS} ?(?=©)"
    rf"|(©[^|0-9]{{1,60}}?,? ?){_YEARS}(?=\s*(?:$|[.,;|]))",
    re.IGNORECASE,
)
_SIGNS = ("©", "(c)", "copyright")
_MADE = (
    *("print", "generat", "rendered", "retrieved", "accessed", "fetched", "downloaded", "page"),
    *("file ", "document ", " time", "it is", "gedruckt", "erzeugt", "generiert", "abgerufen"),
    *("imprim", "génér", "consult", "generad", "impres", "stampat", "gerad", "afgedrukt"),
    *("gegenereerd", "loaded", "served", "executed", "built"),
)
_TIMED = re.compile(r"[0-9](?::[0-9]| ?m?s)")


def without_rendering(text: str, seen: date | None) -> str:
    """A text without what its page says of its own making. `seen` is the day on which it was seen;
    if it is not known, dates stay.
    """
    near = [seen - _NEAR, seen, seen + _NEAR] if seen else []
    days = {(day.year, day.month, day.day) for day in near}
    years = {str(day.year) for day in near}
    lines = text.split("\n")
    above = ""
    for place, line in enumerate(lines):
        if not line:
            continue
        made = _without_making(line)
        if any(year in made for year in years):
            made = _undated(made, above, days)
        lines[place] = made
        above = line if line.strip() else above
    return "\n".join(lines)


def _without_making(line: str) -> str:
    """A line without the years of a copyright, and without a time that is not a day."""
    low = line.lower()
    if ("20" in line or "19" in line) and any(sign in low for sign in _SIGNS):
        line = _COPYRIGHT.sub(lambda match: match[1] or match[2] or "", line)
    if any(word in low for word in _MADE) and _TIMED.search(line):
        line = _CLOCK.sub(lambda match: match[1] or match[2], line)
    is_brief = len(line) < _LONGEST
    return _AGO.sub("", line) if is_brief and any(word in low for word in _PAST) else line


def _undated(line: str, above: str, days: set[tuple[int, int, int]]) -> str:
    """A line without dates of its rendering on one of these days."""

    def kept(match: re.Match[str]) -> str:
        is_made = not days.isdisjoint(_days(match)) and _is_of_rendering(line, above, match)
        return "" if is_made else match[0]

    return _DATED.sub(kept, line, count=_MOST)


def _days(match: re.Match[str]) -> list[tuple[int, int, int]]:
    """The days that a date may mean: year, month, day."""
    if match["year"]:
        day = match["behind"] or match["before"]
        return [(int(match["year"]), month_of(match), int(day))] if day else []
    if match["packed"]:
        packed = match["packed"]
        return [(int(packed[:4]), int(packed[4:6]), int(packed[6:]))]
    if match["sy"]:
        year, one, other = (int(match[name]) for name in ("sy", "sa", "sb"))
        return [(year, one, other), (year, other, one)]
    names = ("iy", "im", "id") if match["iy"] else ("cy", "cm", "cd")
    year, month, day_ = (int(match[name]) for name in names)
    return [(year, month, day_)]


def _is_of_rendering(line: str, above: str, match: re.Match[str]) -> bool:
    start, end = match.span()
    before, behind = line[max(start - _LONGEST, 0) : start], line[end : end + _LONGEST]
    label = "" if before.strip() or len(above.split(maxsplit=_LABEL)) > _LABEL else above
    if _is_content(f"{label} {before}"[-_FAR:], behind):
        return False
    sentence = f"{_SENTENCE.split(before)[-1]} {_SENTENCE.split(behind)[0]}"
    if _OF_RENDERING.search(sentence):
        return True
    is_alone = len(line) < _LONGEST and _BLANK.fullmatch(before + behind)
    return bool(is_alone) and not line[:1].isspace()


def _is_content(before: str, behind: str) -> bool:
    """True if the words beside a date make it a part of what the policy says."""
    words = [word for word in _LETTERS.findall(before.lower()) if word not in _FILLING]
    if any(_OF_CONTENT.fullmatch(word) for word in words[-2:]):
        return True
    return bool(_EASTERN.search(before[-8:]) or _EASTERN.match(behind.lstrip()))
