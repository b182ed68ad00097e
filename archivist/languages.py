"""The language of a text, by its commonest words; other alphabets by their letters. Pure.

Meant to tell that a page answers in another language than the one that was archived, not to name
any of the world's languages.
"""

from __future__ import annotations

import re
from collections import Counter

_COMMON = {
    "en": "the and of to in you that is for or with be this are not your we by from",
    "fr": "le la les des et de du que vous est une dans pour ou par nous votre sur avec ne",
    "de": "der die das und ist sie nicht mit für von den wir ein zu auf werden oder ihre dem im",
    "es": "el los las de que y en un una por con para su no es usted se del al como",
    "it": "il di che e la per un in con non una del della si le dei gli sono alla nel",
    "pt": "o de que e do da em um para com uma os no se na por dos as ao seu você",
    "nl": "de het een en van in je dat is op te voor niet met zijn of wij aan door u",
    "sv": "och att det som en på är av för med till den inte vi du om ett har kan eller",
    "pl": "i w na się nie z do to że jest o jak przez są lub dla oraz za od po",
}
_SETS = {name: frozenset(words.encode().split()) for name, words in _COMMON.items()}
_SCRIPTS = (
    ("ja", re.compile("[\u3040-\u30ff]")),
    ("ko", re.compile("[\uac00-\ud7af]")),
    ("zh", re.compile("[\u4e00-\u9fff]")),
    ("ru", re.compile("[\u0400-\u04ff]")),
    ("el", re.compile("[\u0370-\u03ff]")),
    ("ar", re.compile("[\u0600-\u06ff]")),
    ("he", re.compile("[\u0590-\u05ff]")),
)
_OTHER = re.compile("[\u0370-\u1fff\u3000-\U0010ffff]")  # what all of these are among
_BLANKS = bytes(code if code >= 128 or chr(code).isalpha() else 32 for code in range(256))
_LOOKED_AT = 20_000  # characters
_ENOUGH = 40  # words, below which nothing is said
_COMMONLY = 0.15  # the share of the commonest words in running text
_LEADS = 1.3  # how many times more of them than of the next language


def _words(text: str) -> list[bytes]:
    """The runs of letters, in lower case and UTF-8: bytes are parted at blanks in no time."""
    text = text.lower()
    if not text.isascii():
        for sign in set(text):
            if not (sign.isascii() or sign.isalnum()) or sign.isdecimal():
                text = text.replace(sign, " ")
    return text.encode("utf-8", "surrogatepass").translate(_BLANKS).split()


def language_of(text: str) -> str:
    """The primary tag of the text's language (BCP 47); blank if that is not clear."""
    text = text[:_LOOKED_AT]
    if not text.isascii() and _OTHER.search(text):
        letters = sum(map(str.isalpha, text))
        for name, script in _SCRIPTS:
            if letters >= _ENOUGH and len(script.findall(text)) * 5 > letters:
                return name
    words = _words(text)
    if len(words) < _ENOUGH:
        return ""
    times = Counter(words)
    counts = sorted(
        ((sum(times[word] for word in common), name) for name, common in _SETS.items()),
        reverse=True,
    )
    (most, name), (second, _) = counts[:2]
    return name if most >= _COMMONLY * len(words) and most > _LEADS * second else ""
