"""Redirects: good ones, and such as lead nowhere or where nobody should go."""

from __future__ import annotations

from collections.abc import Sequence

from web.answer import Answer, Behaviour, answer, computed, redirection
from web.host import Host
from web.request import Request


def permanent(location: str) -> Answer:
    """301."""
    return redirection(location, 301)


def temporary(location: str) -> Answer:
    """302."""
    return redirection(location, 302)


def chain(host: Host, path: str, statuses: Sequence[int], end: str) -> None:
    """A chain of redirects of these statuses from a path to an end, over `PATH-1`, `PATH-2`…"""
    places = [path, *(f"{path}-{number}" for number in range(1, len(statuses))), end]
    for status, here, there in zip(statuses, places, places[1:], strict=False):
        host.redirect(here, there, status)


def loop(host: Host, *paths: str, status: int = 302) -> None:
    """Redirects around a circle; of one path, to itself."""
    for here, there in zip(paths, [*paths[1:], paths[0]], strict=True):
        host.redirect(here, there, status)


def _further(request: Request) -> Answer:
    step = int(request.query.get("step", ["0"])[0])
    return redirection(f"{request.path}?step={step + 1}", 302)


ENDLESS_CHAIN: Behaviour = computed(_further)  # each step at a URL of its own
TO_HOME = permanent("/")
TO_LOGIN = temporary("/login?next=%2Fconduct")
TO_404_PAGE = temporary("/404.html")
TO_FILE = temporary("file:///etc/passwd")
TO_FTP = temporary("ftp://quay.example/conduct")
TO_DATA = temporary("data:text/html,<p>Be kind.</p>")
TO_JAVASCRIPT = temporary("javascript:alert(1)")
TO_LOOPBACK = temporary("http://127.0.0.1/")
TO_PRIVATE = temporary("http://10.0.0.1/")
TO_METADATA = temporary("http://169.254.169.254/latest/meta-data/")
TO_IPV6_LOOPBACK = temporary("http://[::1]/")
TO_MAPPED_LOOPBACK = temporary("http://[::ffff:127.0.0.1]/")
TO_ODD_LOOPBACK = temporary("http://0x7f.1/")  # as inet_aton reads it
TO_NOWHERE = answer("Moved.", 301)  # no Location at all
TO_EMPTY = permanent("")
TO_NOISE = permanent("http://[not a host/")
TO_OTHER_PORT = temporary("http://quay.example:99999/")

# Relative and odd Locations; each leads to the path beside it, if that is on the same host.
ODD_LOCATIONS = {
    "sibling": "/here/sibling",  # relative to /here/…
    "../up": "/up",
    "?page=2": "/here/odd?page=2",
    "/with space": "/with%20space",
    "/grüße": "/gr%C3%BC%C3%9Fe",  # bytes of UTF-8, as many servers send them
    "/part#section-2": "/part",
    "  /blanks  ": "/blanks",
}


def with_credentials(host_and_path: str, scheme: str = "http") -> Answer:
    """To a URL that names a user and a password."""
    return temporary(f"{scheme}://ann:secret@{host_and_path}")


def refresh(location: str) -> Answer:
    """A page that leads on by a meta element, which is no redirect to HTTP."""
    return answer(f'<meta http-equiv=refresh content="0; url={location}"><p>Moved.</p>')
