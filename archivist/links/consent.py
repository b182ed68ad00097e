"""A consent wall at the page's own URL: a choice about cookies where the policy should be. Pure.

Policies speak of cookies and of consent, too, and stand beside banners that ask for it. So nothing
is a wall that does not ask by a button, that shows a text of any length, or most of whose text is
about something else.
"""

from __future__ import annotations

import re

from archivist.page import Page

_MOST = 400  # words that a wall shows; some list partners or languages
_FEW = 60  # words of a text; fewer are no policy
_HEAD = 400  # characters in which a page says what it is
_MOSTLY = 0.5  # the share of a wall's words in lines that are about the choice
_SHOWN = 80  # characters of evidence
_VERB = r"(?:accept|agree|allow|consent|reject|refuse|decline|deny)"
_ALL = (
    r"(?: (?:all|everything|only|necessary|essential|optional|required|cookies?|and|&|to|the"
    r"|close|continue|proceed))*"
)
# What is written on a button that stands for a choice. Policies say such things in sentences.
_CHOICE = re.compile(
    rf"(?:(?:yes|ok|okay),? )?(?:i )?{_VERB}{_ALL}|continue without (?:accepting|agreeing)"
    r"|alles? (?:cookies )?(?:akzeptieren|annehmen|ablehnen)|(?:akzeptieren|zustimmen)(?: und \w+)?"
    r"|tout (?:accepter|refuser)|(?:j['’])?accepte[rz]?(?: et \w+)?|continuer sans accepter"
    r"|(?:aceptar|rechazar)(?: tod[oa]s?)?(?: y \w+)?|(?:aceitar|rejeitar)(?: tud?[od]o?s?)?"
    r"|(?:accetta|rifiuta)(?: tutt[oi])?|alles (?:accepteren|weigeren)|akkoord|godkänn(?: alla)?"
    r"|принять(?: все)?|すべて(?:に)?同意(?:する)?|同意する|(?:全部)?接受",
    re.IGNORECASE,
)
_ASKED = re.compile(
    r"\bcookies?\b|\bconsent\b|before you continue|your privacy|bevor (?:du|sie) fort"
    r"|ihre privatsph|votre vie privée|consentement|einwilligung|tu privacidad|consentimiento"
    r"|la tua privacy|consenso|toestemming|クッキー|файлы cookie",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    rf"{_ASKED.pattern}|\b(?:accept|agree|reject|choose|choice|settings|preferences|partners?|vendors?"
    r"|advertis\w+|ads|personali[sz]\w+|tracking|analytics|privacy|data|audience|akzeptier\w+"
    r"|ablehn\w+|partnern?|daten|accept\w+|refus\w+|partenaires?|données)\b",
    re.IGNORECASE,
)
# How a text speaks of a button that is there.
_CLICK = re.compile(
    r"\b(?:by (?:click|choos|select|tapp|press)ing|if you (?:click|choose|select|tap|press)"
    r"|(?:please )?(?:click|tap|press) (?:on )?(?:the |one |below|[“\"'‘«])"
    r"|mit (?:einem )?klick|(?:wenn|indem) (?:sie|du) .{0,40}klick|klicken sie|klicke"
    r"|en cliquant|(?:si vous )?cliquez|(?:al hacer|haz|haga) clic|ao clicar|clique em"
    r"|cliccando|fai clic|(?:door te|als u|als je) .{0,40}klik|klik op)"
    r"|クリック|нажима|点击|點擊",
    re.IGNORECASE,
)
# Headings of texts that are about such things at length.
_POLICY = re.compile(
    r"\b(?:polic(?:y|ies)|notice|statement|terms|conditions|guidelines|rules|conduct|agreement"
    r"|charter|datenschutz\w*|richtlinien?|hinweise?|nutzungsbedingungen|agb|impressum|politique"
    r"|charte|mentions|conditions|pol[íi]tica|t[ée]rminos|termos|informativa|termini|beleid"
    r"|verklaring|voorwaarden)\b|ポリシー|規約|политика|政策",
    re.IGNORECASE,
)


def wall(page: Page | None, text: str, *, is_another: bool) -> str:
    """How a page wants consent before it shows what it should, at its own URL; blank if it does
    not.

    `text` is what was extracted of it. A text under the heading of a policy is one; and so is one
    whose page has the title of a policy, unless `is_another`: nothing of the policy is there. But a
    text that itself asks for a click is none, whatever it is called.
    """
    if page is None or not _is_short(page.text, _MOST):
        return ""
    choice = next((one for one in page.buttons if _CHOICE.fullmatch(one.strip(" .!»›>✓"))), "")
    if not choice:
        return ""
    has_text = not _is_short(text, _FEW)
    named = _first_line(text) if is_another else f"{page.title}\n{_first_line(text)}"
    if has_text and _POLICY.search(named) and not _asks(page, text, choice):
        return ""
    head = " ".join((text if has_text else f"{page.title} {page.text}").split())[:_HEAD]
    found = _ASKED.search(head)
    if not found or (has_text and _share_about(text) < _MOSTLY):
        return ""
    return f"asks for consent first: “{found[0]}”, and a button “{choice[:_SHOWN]}”"


def _asks(page: Page, text: str, choice: str) -> bool:
    """True if a text, and nothing beside it, speaks of the choice for which there is a button: it
    quotes what is written on it, or speaks of clicking. What stands beside a policy is a banner.
    """
    if not (_CLICK.search(text) or (choice != choice.lower() and choice in text)):
        return False
    labels = (one for one in page.buttons if one not in text)  # of links at its foot, and such
    said = " ".join((text, *labels))
    return len(_ASKED.findall(page.text)) <= len(_ASKED.findall(said))


def _share_about(text: str) -> float:
    """The share of a text's words in lines that are about the choice."""
    total = about = 0
    for line in text.splitlines():
        count = len(line.split())
        total += count
        about += count if _ABOUT.search(line) else 0
    return about / total if total else 0.0


def _first_line(text: str) -> str:
    return text.lstrip().partition("\n")[0]


def _is_short(text: str, most: int) -> bool:
    return len(text.split(maxsplit=most)) < most
