"""Signs that give a page away: a wall that keeps programs out, an error that calls itself a page, a
parked domain, a login. Pure; each names its evidence, or is blank.

No sign condemns a page that still holds the policy: see `judging`.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from archivist.net.fetch import Answer
from archivist.net.wire import host_of
from archivist.page import Page
from archivist.words import size

_BLOCKED = {
    401: "asks for a password (401)",
    402: "asks for payment (402)",
    403: "refuses programs, or everybody (403)",
    407: "wants a proxy's password (407)",
    429: "was asked too often (429)",
    451: "is withheld for legal reasons (451)",
    999: "refuses programs (999)",
}
# Response headers that only the wall of a kind sends.
_WALL_HEADERS = {
    "cf-mitigated": "Cloudflare's challenge",
    "x-amzn-waf-action": "AWS WAF's challenge",
    "x-datadome": "DataDome's wall",
    "x-dd-b": "DataDome's wall",
}
_WALL_STATUSES = frozenset((200, 202, 400, 401, 403, 405, 406, 429, 503))
_WALL_WORDS = re.compile(
    r"just a moment\.\.\.|checking (?:if the site connection is secure|your browser)"
    r"|verify(?:ing)? (?:that )?you are (?:a )?human|are you a robot|enable javascript and cookies"
    r"|attention required! \| cloudflare|ddos-guard|pardon our interruption"
    r"|request unsuccessful\. incapsula|complete the security check|unusual traffic from your"
)
_WALL_MARKUP = (
    *(b"_Incapsula_Resource", b"captcha-delivery.com"),
    *(b"/cdn-cgi/challenge-platform/", b"px-captcha"),
)
_MISSING = re.compile(
    r"\b(?:404|page not found|not found|file not found|nothing (?:was )?found|page missing"
    r"|(?:page|site|content|document) (?:does ?n[o'’]t|does not|no longer) exists?"
    r"|(?:can(?:no|')?t|could ?n[o'’]t|could not|unable to) (?:be )?f[io]u?nd"
    r"|(?:page|content|document|site) (?:is )?(?:no longer|not) available|has been (?:re)?moved"
    r"|seite (?:wurde )?nicht gefunden|page (?:introuvable|non trouvée)|página no encontrada"
    r"|pagina non trovata|pagina niet gevonden|sidan (?:kunde inte hittas|finns inte)"
    r"|страница не найдена|ページが見つかりません|页面不存在)",
    re.IGNORECASE,
)
_GONE = re.compile(
    r"(?:page|site|content|document|address) "
    r"(?:(?:is(?: not| no longer|n['’]t)|seems (?:not )?to (?:be|have)) "
    r"(?:here|there|around|gone|moved|vanished)(?: any ?more)?"
    r"|has (?:gone|vanished|disappeared|been (?:removed|deleted|retired)))"
    r"|cette page n['’](?:existe|est) (?:plus|pas)|diese seite (?:gibt es nicht|existiert nicht)",
    re.IGNORECASE,
)
# What web servers show of themselves where nobody has put a page yet.
_SERVERS = re.compile(
    r"apache2? (?:\w+ ){0,2}default page|^\W*it works!?\W*$|welcome to nginx"
    r"|test page for the \w+ http|nginx web server is successfully installed|^\W*iis windows"
    r"|^\W*index of /|(?:default|placeholder) (?:web ?)?page (?:of|for) "
    r"|account (?:has been )?suspended|^\W*(?:coming soon|under construction)\b",
    re.IGNORECASE,
)
_MISSING_URL = re.compile(
    r"/(?:404|not[-_]?found|error[-_]?404|page[-_]?not[-_]?found)\b", re.IGNORECASE
)
_LOGIN_URL = re.compile(
    r"/(?:log[-_]?in|sign[-_]?in|signin|sso|saml|oauth2?|auth|session/new|users/sign_in|account/login"
    r"|wp-login\.php)(?:[/.?]|$)",
    re.IGNORECASE,
)
_LOGIN_TITLE = re.compile(
    r"^\W*(?:log ?in|sign ?in|anmelden|connexion|iniciar sesión)\b", re.IGNORECASE
)
_PARKED_WORDS = re.compile(
    r"(?:this |the )?domain(?: name)?(?: \S+)? (?:is|may be|might be) (?:\S+ )?"
    r"(?:for sale|parked|available for (?:sale|purchase))"
    r"|buy this domain|domain (?:is )?for sale|make an offer on this domain"
    r"|this domain has (?:recently )?(?:expired|been registered)|parked (?:free|domain|page)"
    r"|related searches|diese domain (?:steht zum verkauf|ist zu verkaufen)",
    re.IGNORECASE,
)
_PARKED_HOSTS = re.compile(
    r"(?:^|\.)(?:sedoparking\.com|sedo\.com|parkingcrew\.net|bodis\.com|above\.com|dan\.com"
    r"|afternic\.com|hugedomains\.com|undeveloped\.com|parklogic\.com|domainmarket\.com)$"
)
_CONSENT_URL = re.compile(r"^consent\.|/(?:consent|cookie-?wall|gdpr)(?:[/.?]|$)", re.IGNORECASE)
_SHOWN = 80  # characters of evidence
_HEAD = 400  # characters of a page in which it says what it is
_FEW = 60  # words: fewer are no policy


def blocked(answer: Answer, page: Page | None) -> str:
    """How a server keeps programs out."""
    status = answer.status
    if status in _WALL_STATUSES:
        for name, wall in _WALL_HEADERS.items():
            if name in answer.headers and (name != "cf-mitigated" or status != 200):
                return f"stands behind {wall} ({status})"
        # Ordinary pages carry such a mark, too: a page must have been seen to show little else.
        if (status != 200 or (page and _is_short(page))) and _shows_a_wall(answer.body[:65536]):
            return f"stands behind a wall against programs ({status})"
        if page and _is_short(page) and (found := _WALL_WORDS.search(_head(page).lower())):
            return f"stands behind a wall against programs ({status}): “{found[0]}”"
    if status == 202 and not answer.body.strip():
        return "answers 202 with nothing in it, as walls against programs do"
    return _BLOCKED.get(status, "")


def _shows_a_wall(body: bytes) -> bool:
    return any(mark in body for mark in _WALL_MARKUP)


def consent(asked: str, final: str, page: Page | None) -> str:
    """A page that wants consent before it shows another."""
    if final == asked:
        return ""
    parts = urlsplit(final)
    where = f"{parts.hostname or ''}{parts.path}"
    if (found := _CONSENT_URL.search(where)) and _is_short(page):
        return f"asks for consent first: it redirects to {final[:_SHOWN]} (“{found[0]}”)"
    return ""


def home(asked: str, final: str) -> str:
    """A redirect from a page to a home page."""
    if final == asked or not _path(asked) or _path(final) or urlsplit(final).query:
        return ""
    return f"redirects to a home page, {final[:_SHOWN]}"


def missing(asked: str, final: str, page: Page | None) -> str:
    """A page that says that there is no page: in its URL, or in its title or its first words."""
    if final != asked and (found := _MISSING_URL.search(urlsplit(final).path)):
        return f"redirects to a page of errors (“{found[0]}”)"
    if page is None:
        return ""
    if found := _MISSING.search(page.title):
        return f"its title says “{found[0]}”"
    if found := _SERVERS.search(page.title):
        return f"its title is that of a server without pages, “{found[0].strip()}”"
    if _is_short(page) and (found := _MISSING.search(_head(page))):
        return f"it says “{found[0]}”"
    return ""


def says_missing(text: str) -> str:
    """What a text says at its beginning if it stands for a page that is not there; else blank. Only
    for a text that does not call itself something else: policies speak of such pages, too.
    """
    head = text.lstrip()[:_HEAD]
    found = _MISSING.search(head) or _GONE.search(head)
    if found is None:
        lines = (line for line in head.splitlines() if line.strip())
        found = next(filter(None, map(_SERVERS.search, lines)), None)
    return " ".join(found[0].split()) if found else ""


def parked(final: str, page: Page | None) -> str:
    """A domain that is for sale, or shows nothing but advertisements."""
    host = host_of(final)
    if _PARKED_HOSTS.search(host):
        return f"the domain is parked at {host}"
    if page and (found := _PARKED_WORDS.search(f"{page.title} {_head(page)}")):
        return f"the domain is parked: “{found[0][:_SHOWN]}”"
    return ""


def login(asked: str, final: str, page: Page | None) -> str:
    """A page that wants to know who one is."""
    if final != asked and (found := _LOGIN_URL.search(urlsplit(final).path)):
        return f"redirects to a login (“{found[0]}”)"
    if page and (page.asks_password or _LOGIN_TITLE.search(page.title)):
        return "shows a login instead"
    return ""


def _is_short(page: Page | None) -> bool:
    return page is None or size(page.text[:20000]) < _FEW * 3


def _head(page: Page) -> str:
    return " ".join(page.text[: 4 * _HEAD].split())[:_HEAD]


def _path(url: str) -> str:
    path = urlsplit(url).path.strip("/")
    return (
        ""
        if re.fullmatch(r"(?:index|home|default)(?:\.\w+)?|[a-z]{2}(?:-[a-z]{2})?", path)
        else path
    )
