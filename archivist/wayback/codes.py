"""What Save Page Now's error codes mean: whether it is of any use to ask again, and in words.

From the service's own document (Save Page Now 2, 2025), and what clients have met besides.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

Weight = Literal["permanent", "wait", "transient"]


class Code(NamedTuple):
    """`permanent`: asking again is of no use; `wait`: nothing was captured, a limit is reached;
    `transient`: it failed, and may have captured all the same.
    """

    weight: Weight
    words: str


_KNOWN: dict[Weight, dict[str, str]] = {
    "permanent": {
        "bad-request": "it does not understand the page's server",
        "blocked": "the page's site blocks it",
        "blocked-client-ip": "it blocks this network",
        "blocked-url": "it does not save this URL",
        "filesize-limit": "the page is too large for it",
        "ftp-access-denied": "the page's server lets nobody in",
        "http-version-not-supported": "the page's server does not speak its HTTP",
        "invalid-host-resolution": "the page's host has no address",
        "invalid-url-syntax": "it takes this for no URL",
        "method-not-allowed": "the page's server refuses the request",
        "network-authentication-required": "the page wants a login",
        "no-access": "the page's server forbids it (403)",
        "not-found": "there is no such page (404)",
        "not-implemented": "the page's server does not know the request",
        "too-many-redirects": "the page redirects without end",
        "unauthorized": "the page wants a login (401)",
    },
    "wait": {
        "bandwidth-limit-exceeded": "the page's server has no bandwidth left",
        "max-daily-bandwidth": "its bandwidth for today is used up",
        "max-daily-bandwidth-from-ip": "its bandwidth for this network is used up today",
        "max-daily-bandwidth-host": "its bandwidth for this site is used up today",
        "too-many-daily-captures": "its captures for today are used up",
        "too-many-requests": "too much was asked of it, or of the page's server",
        "user-session-limit": "as many captures are under way as these keys may have",
    },
    "transient": {
        "bad-gateway": "the page's server has an error (502)",
        "browsing-timeout": "the page took too long",
        "cannot-fetch": "the page could not be fetched",
        "capture-location-error": "it could not store the page",
        "celery": "it has an error of its own",
        "gateway-timeout": "the page's server took too long (504)",
        "internal-server-error": "it, or the page's server, has an error (500)",
        "invalid-server-response": "the page's server answers nonsense",
        "job-failed": "the capture failed",
        "no-browsers-available": "it has no browser free",
        "no-captures": "it captured nothing",
        "protocol-error": "the connection to the page broke",
        "proxy-error": "it has an error of its own",
        "read-timeout": "the page took too long",
        "redis-error": "it has an error of its own",
        "service-unavailable": "the page's server is out (503)",
        "soft-time-limit-exceeded": "the capture took too long",
    },
}
_CODES = {
    name: Code(weight, words) for weight, known in _KNOWN.items() for name, words in known.items()
}


def code_of(status_ext: str) -> Code:
    """What a `status_ext` means; `error:` before it, as some answers have it, makes no difference.
    An unknown one may be over tomorrow.
    """
    name = status_ext.removeprefix("error:").strip().lower()
    unknown = f"it answers “{name[:60]}”" if name else "it does not say why"
    return _CODES.get(name) or Code("transient", unknown)
