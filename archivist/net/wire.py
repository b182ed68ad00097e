"""URLs as they go over the wire: ASCII only, from what people and servers write."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote, urljoin, urlsplit

from archivist.addresses import problem

_RESERVED = "!#$%&'()*+,/:;=?@[]~"
_LONGEST = 8192  # characters; servers refuse longer ones
_CONTROL = re.compile(r"[\x00-\x20\x7f]+")
_SURROGATE = re.compile("[\ud800-\udfff]")  # a byte that was not UTF-8
_BARE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")


@lru_cache(maxsize=4096)  # asked for several times on the way of one URL
def wire_url(url: str) -> str | None:
    """The URL in ASCII: the host as IDNA says (UTS 46), the rest percent-encoded as UTF-8, without
    its fragment; None for one that cannot be asked (see `addresses.problem`).
    """
    if len(url) > _LONGEST or problem(url) is not None or _SURROGATE.search(url):
        return None
    plain = url.partition("#")[0]
    if plain.isascii() and not _BARE_PERCENT.search(plain):
        return plain
    scheme, _, rest = plain.partition("://")
    authority = re.match(r"[^/?]*", rest)[0]  # type: ignore[index]  # it matches nothing at least
    host = _ascii_host(authority)
    if host is None:
        return None
    path = _BARE_PERCENT.sub("%25", rest[len(authority) :])
    return f"{scheme}://{host}{quote(path, safe=_RESERVED)}"


def followed(url: str, location: str) -> str | None:
    """Where a redirect leads to, as a URL for the wire; None for what must not be followed: another
    scheme, credentials, no host.

    What browsers forgive is forgiven: blanks around and within, a relative reference, raw UTF-8.
    """
    said = location.strip(" \t\r\n\x0c")
    if len(said) > _LONGEST:
        return None
    try:
        joined = urljoin(url, _CONTROL.sub("%20", said))
        parts = urlsplit(joined)
    except ValueError:
        return None
    if parts.path == "" and parts.query and "://" in joined:  # libcurl wants a path
        joined = joined.replace("?", "/?", 1)
    return wire_url(joined)


@lru_cache(maxsize=4096)
def host_of(url: str) -> str:
    """The host of a URL for the wire, in lower case and without port; blank if there is none."""
    authority = url.partition("://")[2]
    authority = re.split("[/?#]", authority, maxsplit=1)[0].rpartition("@")[2].lower()
    if authority.startswith("["):
        return authority.partition("]")[0] + "]"
    return authority.partition(":")[0].removesuffix(".")


def port_of(url: str) -> int:
    """The port of a URL for the wire."""
    authority = re.split("[/?#]", url.partition("://")[2], maxsplit=1)[0]
    port = authority.rpartition("]")[2].partition(":")[2]
    return int(port) if port else 443 if url[:6].lower() == "https:" else 80


def _ascii_host(authority: str) -> str | None:
    if authority.isascii():
        return authority
    import idna

    host, colon, port = authority.partition(":")
    try:
        return idna.encode(host, uts46=True).decode() + colon + port
    except (idna.IDNAError, UnicodeError):
        return None
