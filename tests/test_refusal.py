"""Refusals: pages that lie, and pages that do not."""

from __future__ import annotations

import pytest

from archivist import page
from archivist.extraction import Extraction, extract
from archivist.languages import language_of
from archivist.links.following import Chain
from archivist.net.fetch import Answer
from archivist.refusal import Offered, of_doubts, refusals, share_kept
from archivist.verdict import Hop

URL = "https://quay.example/conduct"
POLICY = [
    "Whoever comes to the quay is a guest, and whoever is a guest is fed before the tide turns.",
    "Nobody is shouted at, and a quarrel is carried to the master of the harbour by both sides.",
    "Keep the steps free for the carriers, and ring the bell twice when you come in at night.",
    "If you have lost your way or your boat, tell a steward; stewards wear a yellow lantern.",
    "Pictures of others are taken with their consent, which can be withdrawn until the morning.",
    "Children are welcome on the quay in the day, and in the company of somebody who can swim.",
    "These rules are read aloud in the spring, and changed by all who have a rope at the quay.",
    "If you cannot log in to the list of boats, or a page is not found, write to the guild.",
]
GERMAN = [
    "Wer an den Kai kommt, ist ein Gast, und wer ein Gast ist, der wird nicht gefragt.",
    "Niemand wird hier angeschrien, und ein Streit wird von den beiden zu dem Meister getragen.",
    "Die Treppe ist für die Träger frei, und in der Nacht wird die Glocke mit der Hand geläutet.",
]


def html(paragraphs: list[str], title: str = "Rules of the Quay", more: str = "") -> bytes:
    body = "".join(f"<p>{one}" for one in paragraphs)
    return f"<title>{title}</title><main><h1>{title}</h1>{body}{more}</main>".encode()


def offered(
    body: bytes, *, status: int = 200, final: str = URL, cut: bool = False, broken: str = ""
) -> Offered:
    kind = "text/html; charset=utf-8"
    hops = [Hop(URL, 301)] if final != URL else []
    answer = Answer(final, status, {"content-type": kind}, body, cut)
    chain = Chain((*hops, Hop(final, status)), answer, broken=broken)
    extraction = extract(body, kind)
    assert isinstance(extraction, Extraction)
    return Offered(URL, chain, page.read(body, kind), extraction)


def text(paragraphs: list[str]) -> str:
    return offered(html(paragraphs)).text


def names(one: Offered, before: str = "") -> set[str]:
    found = list(refusals(one, before))
    assert all(refusal.evidence and refusal.hint for refusal in found)
    return {refusal.name for refusal in found}


def test_the_policy_and_its_changes_are_kept() -> None:
    before = text(POLICY)
    assert names(offered(html(POLICY))) == set()
    assert names(offered(html(POLICY)), before) == set()
    assert names(offered(html([*POLICY[:-1], "Ring the bell three times."])), before) == set()
    assert names(offered(html(POLICY * 2)), before) == set()


def test_a_policy_beside_a_login_or_after_a_redirect_is_kept() -> None:
    form = "<form><input type=password></form>"
    assert names(offered(html(POLICY, more=form)), text(POLICY)) == set()
    assert names(offered(html(POLICY), final="https://quay.example/"), text(POLICY)) == set()
    assert names(offered(html(POLICY, title="Log in, or not found: rules")), text(POLICY)) == set()


@pytest.mark.parametrize(
    ("lie", "name"),
    [
        (offered(html(["Oh."], "Page not found")), "missing"),
        (offered(html(["Sorry, this page does not exist."])), "missing"),
        (offered(html(["Welcome to all."]), final="https://quay.example/"), "home"),
        (offered(html(["Who are you?"], more="<input type=password>")), "login"),
        (offered(html(["Who?"]), final="https://quay.example/login?to=conduct"), "login"),
        (offered(html(["This domain is for sale."])), "parked"),
        (offered(html(["Well?"]), final="https://consent.quay.example/"), "consent"),
        (offered(html(["Checking your browser."], "Just a moment...")), "wall"),
        (offered(b"<title>Quay</title><div id=root></div><script src=a></script>"), "scripts"),
        (offered(b"<title>Quay</title><div id=root></div>"), "empty"),
        (offered(html(POLICY), status=404), "status"),
        (offered(html(POLICY), status=503), "status"),
        (offered(html(POLICY), cut=True), "cut"),
        (offered(html(POLICY), broken="redirects in a circle"), "redirects"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_lies(lie: Offered, name: str) -> None:
    assert name in names(lie)
    assert name in names(lie, text(POLICY))


def test_a_text_that_lost_most_of_the_policy() -> None:
    before = text(POLICY)
    shorter = offered(html(POLICY[:3]))
    assert names(shorter, before) == {"lost"}
    assert share_kept(before, shorter.text) < 0.6
    assert {one.name for one in refusals(shorter, before, 0.1)} == set()


def test_another_language() -> None:
    german = offered(html(GERMAN * 2, "Regeln am Kai"))
    assert "language" in names(german, text(POLICY))
    assert "language" in names(german._replace(language="en-GB"))
    assert names(german._replace(language="de-AT")) == set()
    assert names(german) == set()


def test_doubts_are_reasons_to_look_at_the_first_capture() -> None:
    short = offered(html(POLICY[:2]))
    assert [one.name for one in of_doubts(short.extraction.doubts)] == ["short"]


@pytest.mark.parametrize(
    ("sample", "language"),
    [
        (" ".join(POLICY), "en"),
        (" ".join(GERMAN), "de"),
        ("燈が明るいので、" * 20, "ja"),
        ("灯笼很亮，" * 30, "zh"),
        ("фонарь светит всю ночь " * 10, "ru"),
        ("Quay Lantern Guild " * 30, ""),
        ("the quay", ""),
        ("", ""),
    ],
)
def test_language_of(sample: str, language: str) -> None:
    assert language_of(sample) == language


BUTTONS = "<button>Accept all</button><button>Reject all</button>"
ASKING = [
    "The Quay and its partners use cookies to keep you logged in and to measure the audience.",
    "If you choose “Accept all”, we will also use data to show you personalised ads.",
]
FAMILY = [
    "When you come to the Quay, we and the 240 guilds beside us use cookies to keep you logged in.",
    "If you click “Accept all”, we and our partners will also read data on your device for ads.",
    "We use where you are for personalised ads. Choose “Reject all” if you do not want that.",
    "Your choice can be changed at any time in the privacy settings at the foot of each page here.",
    "It holds for all sites of the family of harbours on this coast, and for those of partners.",
    "To see who these partners are, and which data they read, choose the privacy settings instead.",
]
TO_READ_ON = [
    "To read on, please tell us about cookies. By clicking “I agree” you give us your consent.",
    "We will then measure the audience, and show you personalised ads together with our partners.",
    "If you do not agree, two coins a month let you read everything without partners or tracking.",
    "The cookies that keep you logged in are set in either case, and no ads are sold by them.",
    "What you choose here you can choose again in the settings, whenever you like, at no cost.",
    "We ask again after a year, or when the partners with whom we share data are not the same.",
]
# What walls show, at the page's own URL.
WALLS = {
    "short": html(ASKING, "Before you continue to the Quay", BUTTONS),
    "long": html(ASKING * 4, "The Quay", BUTTONS),
    "submitted": html(
        ASKING * 4, "We value your privacy", '<form><input type=submit value="I agree"></form>'
    ),
    "linked": html(ASKING, "One moment", '<a href="/ok">Continue without accepting</a>'),
    "overlaid": (
        f'<title>Code of conduct</title><div id="cookie-banner">{ASKING[0]}{BUTTONS}</div>'
    ).encode(),
    "of the policy's title": html(ASKING * 4, "The Quay", BUTTONS).replace(
        b"<title>The Quay", b"<title>Privacy policy of the Quay"
    ),
    "of the policy's title, as a family": html(
        FAMILY, "Part of the family of harbours", f'{BUTTONS}<p><a href="/c">Cookie policy</a>'
    ).replace(b"<title>Part of", b"<title>Terms of use - part of"),
    "under the policy's heading": html(TO_READ_ON, "Terms of use", "<button>I agree</button>"),
    "german": html(
        ["Wir und unsere Partner nutzen Cookies. Mit einem Klick geben Sie Ihre Einwilligung."] * 6,
        "Bevor Sie fortfahren",
        "<button>Alle akzeptieren</button>",
    ),
}
ON_COOKIES = [
    "We use cookies to remember that you are logged in, and with your consent to count visitors.",
    "You can accept all cookies, or reject all, in the settings of your browser at any time.",
    "Data about visits is kept for a month; partners and advertisers never see any of it.",
    "Your consent can be withdrawn at the office of the harbour, in writing or at the counter.",
    "If we change what cookies we set, we tell you here, and ask for your consent again.",
]
BANNER = f'<div class="strip">We value your privacy, and use cookies. {BUTTONS}</div>'


@pytest.mark.parametrize("name", WALLS)
def test_a_wall_of_consent_at_the_same_url(name: str) -> None:
    assert "consent" in names(offered(WALLS[name]), text(POLICY))
    assert "consent" in names(offered(WALLS[name]))


@pytest.mark.parametrize("title", ["Privacy Policy", "Cookie notice of the Quay", "Datenschutz"])
@pytest.mark.parametrize("more", ["", BANNER, BUTTONS])
def test_policies_about_cookies_and_consent_are_kept(title: str, more: str) -> None:
    one = offered(html(ON_COOKIES, title, more))
    assert len(one.text.split()) < 120
    assert names(one) == set()
    assert names(one, text(ON_COOKIES)) == set()
    assert "consent" not in names(one, text(POLICY))  # it was rewritten


def test_a_policy_that_speaks_of_the_banner_beside_it_is_kept() -> None:
    clicks = [*ON_COOKIES, "By clicking “Accept all” in the strip below you agree to all of them."]
    banner = BANNER.replace("strip", "cookie-banner")
    assert names(offered(html(clicks, "Cookie notice", banner))) == set()
    assert "consent" in names(offered(html(clicks, "Cookie notice", BUTTONS)))  # somebody must look


def test_a_policy_without_a_title_beside_a_banner_is_kept() -> None:
    body = "".join(f"<p>{one}" for one in POLICY)
    for page_ in (f"{BANNER}{body}", f"{body}{BANNER}", f"<title>The Quay</title>{BANNER}{body}"):
        assert names(offered(page_.encode())) == set()
        assert "consent" not in names(offered(page_.encode()), text(ON_COOKIES))


def test_a_text_about_consent_without_a_button_is_kept() -> None:
    one = offered(html(ON_COOKIES, "The Quay", '<a href="/cookies">Cookies</a>'))
    assert names(one) == set()
