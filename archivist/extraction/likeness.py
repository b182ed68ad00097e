"""Whether a text is like a policy: it calls itself one, or speaks as they do. Pure.

Meant for a person's doubt, not for a verdict. Of texts in other languages nothing is said.
"""

from __future__ import annotations

import re

from archivist.languages import language_of

LANGUAGES = frozenset(("en", "fr", "de", "es", "it", "pt", "nl"))
_HEAD = 300  # characters in which a text says what it is
_ENOUGH = 3  # different words of policies
_LOOKED_AT = 20_000  # characters
# What policies are called.
_NAMES = re.compile(
    r"polic(?:y|ies)\b|\bcodes? of\b|\bconduct\b|\bterms\b|\bconditions\b|\bagreement\b|\bnotice\b"
    r"|\bstatement\b|\bguidelines?\b|\brules\b|\bstandards\b|\bcharter\b|\bcovenant\b|\bprivacy\b"
    r"|\bcookies?\b|\blegal\b|\blicen[cs]e\b|\bimprint\b|\bbylaws\b|\bpledge\b|\bharassment\b"
    r"|\bpolitiques?\b|\bcharte\b|\bmentions l[ée]gales\b|\bcg[uv]\b|\br[èe]gle|\bd[ée]claration\b"
    r"|\bconfidentialit[ée]\b|richtlinie|bedingungen|\bagb\b|datenschutz|erkl[äa]rung|impressum"
    r"|kodex|\bregeln\b|ordnung\b|pol[íi]tica|\bt[ée]rminos\b|\bc[óo]digo\b|\bcondi(?:ciones|zioni)\b"
    r"|\bcondi[çc][õo]es\b|\baviso\b|\bnormas\b|informativa|\btermini\b|\bcodice\b|\bregolamento\b"
    r"|\btermos\b|\bregras\b|beleid\b|verklaring\b|voorwaarden\b|gedragscode|\bregels\b",
    re.IGNORECASE,
)
# What they speak of, whatever they are about.
_WORDS = re.compile(
    r"\b(?:must|shall|should|may|allowed|prohibit|forbidden|permi[ts]|respect|harass|complain|report"
    r"|rights?\b|consent|personal (?:data|information)|agree|liab|users?\b|violat|rules?\b|behavio"
    r"|pay(?:ment|able)|refund|cancel|subscri|contract|ban(?:ned|s)?\b|abus|safe|welcome|discriminat|confidential|responsib|apply|applies|law"
    r"|doit|doivent|devez|interdi|autoris|droits?\b|donn[ée]es|utilisateur|signal|responsab|loi\b"
    r"|abonn|paiement|r[ée]sili|contrat|vertrag|zahlung|kündig"
    r"|müssen|muss|darf|dürfen|verboten|erlaubt|rechte?\b|daten|nutzer|beschwerde|gesetz|haftung"
    r"|debe|pago|contrato|pagament|betaling|prohibid|derecho|datos|usuario|ley|deve|vietat|diritt|dati\b|utent|legge|proibid|direito"
    r"|dados|usu[áa]rio|lei\b|moet|mag\b|verboden|rechten|gegevens|gebruiker|klacht|wet\b)",
    re.IGNORECASE,
)


def is_named(title: str, text: str) -> bool:
    """True if a page's title or the beginning of its text calls it a policy."""
    return bool(_NAMES.search(title) or _NAMES.search(text[:_HEAD]))


def is_like(title: str, text: str) -> bool:
    """True if a text is like a policy, or in a language of which nothing is known."""
    if is_named(title, text) or language_of(text) not in LANGUAGES:
        return True
    found = {match[0].lower() for match in _WORDS.finditer(text, 0, _LOOKED_AT)}
    return len(found) >= _ENOUGH
