"""URLs as an archive uses them: their form, how they compare, and Wayback mementos."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import NamedTuple

# RFC 3986: scheme, optional userinfo, host (name or bracketed IPv6), optional port, the rest.
_HTTP = re.compile(
    r"(?i:https?)://(?P<user>[^/?#\s]*@)?(?P<host>\[[0-9A-Fa-f:.]+\]|[^/?#\s@:\[\]]+)"
    r"(?::(?P<port>[^/?#\s]*))?(?P<rest>[/?#]\S*)?"
)
_USUAL = re.compile(r"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)*+(?:[/?#]\S*)?")  # nothing can be wrong
_LABEL = re.compile(r"[\w-]+")
_PORT = re.compile(r":(?:80|443)?$")
_SCHEME = re.compile(r"([^\W\d_][\w+.-]*):", re.UNICODE)
# `https://web.archive.org/web/20140204093000id_/https://…`: RFC 7089 calls it a URI-M.
_MEMENTO = re.compile(r"https?://[^/\s]+(?:/[^/\s]+)*?/([0-9]{14})(?:[a-z]{2}_)?/(\S+)")
_DATE_ONLY = re.compile(r"https?://[^/\s]+(?:/[^/\s]+)*?/([0-9*]{1,13}|\*)(?:[a-z]{2}_)?/(\S+)")


class Memento(NamedTuple):
    """The URL of an archived copy: when it was captured, of which URL, and its timestamp as it
    stands there.
    """

    captured: date
    original: str
    stamp: str = ""


def problem(url: str) -> str | None:
    """Why a text is not an absolute http(s) URL, as the rest of "it …"; None if it is one."""
    if _USUAL.fullmatch(url):
        return None
    if len(url.split()) != 1:
        return "must not contain white space"
    match = _HTTP.fullmatch(url)
    if match is None:
        return _other_problem(url)
    if match["user"]:
        return "must not carry a user name or password"
    if match["port"] is not None and not _is_port(match["port"]):
        return "must have a port between 1 and 65535 behind the colon"
    return None if match["host"].startswith("[") else _host_problem(match["host"])


def _is_port(port: str) -> bool:
    return port.isascii() and port.isdigit() and len(port) < 6 and 0 < int(port) < 65536


def _host_problem(name: str) -> str | None:
    labels = name.removesuffix(".").split(".")
    if not all(labels):
        return "has a host name with an empty part"
    if not all(_LABEL.fullmatch(label) for label in labels):
        return "has a host name with a character that no host name has"
    return None


def _other_problem(url: str) -> str:
    scheme = _SCHEME.match(url)
    if scheme is None or "." in scheme[1]:
        return "must be absolute: begin with https:// or http://"
    if scheme[1].lower() not in ("http", "https"):
        return "must be an http or https URL"
    return "has no host"


def suggestion(url: str) -> str | None:
    """The URL that was probably meant; None if there is no telling."""
    if len(url.split()) != 1:
        return None
    match = _HTTP.fullmatch(url)
    if match and match["user"]:
        candidate = url.replace(match["user"], "", 1)
    elif match is None:
        candidate = "https://" + re.sub(r"^(?i:https?)?:?/*", "", url)
        if "." not in candidate[8:].partition("/")[0]:
            return None
    else:
        return None
    return candidate if candidate != url and problem(candidate) is None else None


def host(url: str) -> str:
    """The host of an http(s) URL in lower case; empty if it is none."""
    match = _HTTP.fullmatch(url)
    return match["host"].lower() if match else ""


def url_key(url: str) -> str:
    """The form in which URLs compare: without scheme, `www.`, usual port, fragment, final slash."""
    rest = url.partition("#")[0].partition("://")[2]
    name = rest.partition("/")[0].partition("?")[0]
    host = _PORT.sub("", name) if ":" in name else name
    return f"{host.lower().removeprefix('www.')}{rest[len(name) :]}".rstrip("/")


def is_url(text: str) -> bool:
    """True if a text is meant as an http(s) URL."""
    return text[:8].lower().startswith(("http://", "https://"))


def memento(url: str) -> Memento | str:
    """The memento that a URL names, or why it names none, as the rest of "it …"."""
    match = _MEMENTO.fullmatch(url)
    if match is None:
        if _DATE_ONLY.fullmatch(url):
            return "must carry the capture's full timestamp: 14 digits, YYYYMMDDhhmmss"
        return "must be the URL of a memento: https://web.archive.org/web/YYYYMMDDhhmmss/URL"
    stamp = match[1]
    try:
        parts = (int(stamp[:4]), *(int(stamp[place : place + 2]) for place in range(4, 14, 2)))
        captured = datetime(*parts, tzinfo=UTC).date()  # type: ignore[arg-type, misc]  # six numbers
    except ValueError:
        return f"carries a timestamp that is no date: {stamp}"
    original = match[2]
    return Memento(captured, original if "://" in original else f"http://{original}", stamp)
