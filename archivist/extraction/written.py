"""Dates as texts write them, in the languages in which policies are found: patterns."""

from __future__ import annotations

import re

# By their first letters, in English, French, German, Spanish, Italian, Portuguese and Dutch.
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
WRITTEN = re.compile(
    rf"(?:(?P<before>[0-9]{{1,2}})(?:st|nd|rd|th|er|\.|º|°)?\s+(?:of |de )?)?\b(?:{_MONTH})\b\.?"
    r"(?:,?\s+(?P<behind>[0-9]{1,2})(?:st|nd|rd|th)?(?=\s*,|\s+[0-9]{4}))?"
    r"\s*,?\s+(?:de |del )?(?P<year>(?:19|20)[0-9]{2})(?![0-9])",
    re.IGNORECASE,
)
ISO = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?![0-9])")
SLASHED = re.compile(r"(?<![0-9])([0-9]{1,2})([/.-])([0-9]{1,2})\2((?:19|20)[0-9]{2})(?![0-9])")
_WEEKDAY = (
    r"mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:rs(?:day)?)?|fri(?:day)?|sat(?:urday)?"
    r"|sun(?:day)?|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag"
    r"|mo|di|mi|do|fr|sa|so|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche"
    r"|lunes|martes|mi[ée]rcoles|jueves|viernes|s[áa]bado|domingo"
    r"|luned[ìi]|marted[ìi]|mercoled[ìi]|gioved[ìi]|venerd[ìi]|sabato|domenica"
    r"|(?:segunda|ter[çc]a|quarta|quinta|sexta)(?:-feira)?"
    r"|maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag"
)
WEEKDAY = rf"\b(?:{_WEEKDAY})\b\.?,?"


def month_of(match: re.Match[str]) -> int:
    """The month of a `WRITTEN` date, from 1."""
    return next(number for number in range(1, 13) if match[f"m{number}"])
