"""Statuses, and the walls that a robot runs into: each its own way of not answering."""

from __future__ import annotations

import time
from email.utils import formatdate

from web.answer import Answer, Behaviour, answer, computed, script
from web.pages import html
from web.request import Request


def plainly(status: int) -> Answer:
    """A status with a page that only says so."""
    return answer(html(f"{status}", f"The answer is {status}."), status)


MISSING = plainly(404)
GONE = plainly(410)
FORBIDDEN = plainly(403)
UNAUTHORIZED = plainly(401).header("WWW-Authenticate", 'Basic realm="crew"')
LEGAL_REASONS = plainly(451)
BROKEN = plainly(500)
BAD_GATEWAY = plainly(502)
UNAVAILABLE = plainly(503)
GATEWAY_TIMEOUT = plainly(504)
NO_CONTENT = answer("", 204, content_type=None)


def limited(retry_after: float | str | None = None, status: int = 429) -> Answer:
    """429 (or 503) with a Retry-After: seconds, any text, or none."""
    page = plainly(status)
    if retry_after is None:
        return page
    text = f"{retry_after:g}" if isinstance(retry_after, float | int) else retry_after
    return page.header("Retry-After", text)


def limited_until(seconds: float, status: int = 429) -> Behaviour:
    """429 (or 503) whose Retry-After is the date so many seconds from when it is asked; in whole
    seconds, and never sooner.
    """
    return computed(
        lambda _: limited(formatdate(-(-(time.time() + seconds) // 1), usegmt=True), status)
    )


def once(first: Behaviour, then: Behaviour) -> Behaviour:
    """One answer the first time, and from then on another."""
    return script(first, then)


def head_lies(page: Answer, status: int = 405) -> Behaviour:
    """A page to GET, an error (405, 404, 403, 500) to HEAD."""

    def chosen(request: Request) -> Answer:
        return plainly(status) if request.method == "HEAD" else page

    return computed(chosen)


# Bot walls.
_CHALLENGE = html(
    "Just a moment...",
    "Checking your browser before the site opens.",
    head='<script src="/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1"></script>',
)
CLOUDFLARE = answer(
    _CHALLENGE, 403, {"Server": "cloudflare", "cf-mitigated": "challenge", "CF-RAY": "8a-FRA"}
)
CLOUDFLARE_BUSY = answer(_CHALLENGE, 503, {"Server": "cloudflare", "CF-RAY": "8a-FRA"})
AWS_WAF = answer("", 202, {"Server": "CloudFront", "x-amzn-waf-action": "challenge"})
DATADOME = answer(
    html(
        "quay.example",
        "Please enable JS and disable any ad blocker",
        head='<script src="https://ct.captcha-delivery.com/c.js"></script>',
    ),
    403,
    {"Server": "DataDome", "X-DataDome": "protected", "X-DD-B": "1"},
)
IMPERVA = answer(
    html(
        "",
        around='<iframe src="/_Incapsula_Resource?CWUDNSAI=9" width="100%"></iframe>',
    ),
    200,
    {"X-CDN": "Imperva", "X-Iinfo": "9-1234-0 0NNN RT(1)"},
)
LINKEDIN = answer(html("", around="<script>location.href = '/authwall'</script>"), 999)
