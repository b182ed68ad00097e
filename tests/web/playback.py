"""Playback of the Wayback Machine: `/web/<timestamp><flag>/<url>`."""

from __future__ import annotations

import gzip
import re
from email.utils import parsedate_to_datetime

from web.answer import Answer, answer
from web.captures import Capture, Captures, http_date
from web.request import Request

_PLACE = re.compile(r"/web/(?:(?P<timestamp>[0-9]{1,14})(?P<flag>[a-z]{2}_)?/)?(?P<url>.+)")
_TOOLBAR = "<!-- BEGIN WAYBACK TOOLBAR INSERT --><div id=wm-ipp>Wayback Machine</div>"

NEVER_ARCHIVED = answer(
    "<title>Wayback Machine</title><p>Hrm. The Wayback Machine has not archived that URL.</p>", 404
)
EXCLUDED = answer(
    "<title>Wayback Machine</title><p>Sorry."
    " This URL has been excluded from the Wayback Machine.</p>"
)


def playback(captures: Captures, machine: str, request: Request) -> Answer:
    """The answer to a request for a memento."""
    place = _PLACE.fullmatch(request.target)
    if place is None:
        return NEVER_ARCHIVED
    url, flag = place["url"], place["flag"] or ""
    timestamp = place["timestamp"] or _accepted(request)
    capture = captures.at(url, timestamp)
    if capture is None or not capture.playable:
        return _nearest(captures, machine, url, timestamp, flag)
    if capture.sends_to:
        return _found(f"{machine}/web/{capture.sends_to}{flag}/{url}", capture.sends_to)
    if capture.location is not None and not flag:
        return answer(f"<p>Got an HTTP {capture.status} response at crawl time</p>")
    return _memento(captures, machine, capture, flag)


def asked_for(request: Request) -> str:
    """The URL whose memento is asked for; empty if it is none."""
    place = _PLACE.fullmatch(request.target)
    return place["url"] if place else ""


def timemap(captures: Captures, machine: str, request: Request) -> Answer:
    """The list of all mementos of a URL: `/web/timemap/link/<url>`."""
    url = request.target.removeprefix("/web/timemap/link/")
    found = [one for one in captures.of(url) if one.listed]
    if not found:
        return NEVER_ARCHIVED
    links = [f'<{found[0].url}>; rel="original"']
    for one in found:
        place = f"{machine}/web/{one.timestamp}/{one.url}"
        links.append(f'<{place}>; rel="memento"; datetime="{http_date(one.timestamp)}"')
    return answer(",\n".join(links) + "\n", content_type="application/link-format")


def _accepted(request: Request) -> str:
    """The time that the request asks for: now, unless it says when."""
    when = request.headers.get("accept-datetime")
    return parsedate_to_datetime(when).strftime("%Y%m%d%H%M%S") if when else "99991231235959"


def _nearest(captures: Captures, machine: str, url: str, timestamp: str, flag: str) -> Answer:
    nearest = captures.nearest(url, timestamp)
    if nearest is None:
        return NEVER_ARCHIVED
    place = f"{machine}/web/{nearest.timestamp}{flag}/{nearest.url}"
    return _found(place, nearest.timestamp)


def _found(location: str, timestamp: str) -> Answer:
    """The Wayback Machine's own redirect, which is no memento."""
    why = {"Location": location, "X-Archive-Redirect-Reason": f"found capture at {timestamp}"}
    return answer("", 302, why)


def _memento(captures: Captures, machine: str, capture: Capture, flag: str) -> Answer:
    headers: dict[str, str | list[str]] = {
        "Memento-Datetime": http_date(capture.timestamp),
        "Link": _link(captures, machine, capture, flag),
        "X-Archive-Src": "weirs-20140204.warc.gz",
    }
    for name, value in _original(capture):
        headers[f"X-Archive-Orig-{name}"] = [*headers.get(f"X-Archive-Orig-{name}", []), value]
    if capture.location is not None:
        headers["Location"] = _location(machine, capture, flag)
    body = capture.body
    if capture.twice_encoded:
        headers["Content-Encoding"] = ["gzip", "gzip"]
        body = gzip.compress(body)
    elif not flag:
        body = body.replace(b"<body>", b"<body>" + _TOOLBAR.encode())
    return answer(body, capture.status, headers, content_type=capture.mimetype)


def _original(capture: Capture) -> list[tuple[str, str]]:
    """The headers of the page, as it was captured."""
    standard = [
        ("date", http_date(capture.timestamp)),
        ("content-type", capture.mimetype),
        ("content-length", str(len(capture.body))),
    ]
    if capture.location is not None:
        standard.append(("location", capture.location))
    return [*standard, *capture.headers]


def _link(captures: Captures, machine: str, capture: Capture, flag: str) -> str:
    """The Link header: what was captured, and the mementos around this one."""
    others = [one for one in captures.of(capture.url) if one.playable]
    at = others.index(capture)
    relations: dict[Capture, list[str]] = {others[0]: ["first"], others[-1]: ["last"]}
    if at > 0:
        relations.setdefault(others[at - 1], []).append("prev")
    if at + 1 < len(others):
        relations.setdefault(others[at + 1], []).append("next")
    relations.setdefault(capture, []).append("memento")
    links = [
        f'<{capture.url}>; rel="original"',
        f'<{machine}/web/timemap/link/{capture.url}>; rel="timemap"',
        f'<{machine}/web/{capture.url}>; rel="timegate"',
    ]
    for one, names in sorted(relations.items(), key=lambda item: item[0].timestamp):
        relation = " ".join(names if "memento" in names else [*names, "memento"])
        place = f"{machine}/web/{one.timestamp}{flag}/{one.url}"
        links.append(f'<{place}>; rel="{relation}"; datetime="{http_date(one.timestamp)}"')
    return ", ".join(links)


def _location(machine: str, capture: Capture, flag: str) -> str:
    path = f"/web/{capture.timestamp}{flag}/{capture.location}"
    if capture.form == "path":
        return path
    return machine.partition(":")[2] + path if capture.form == "schemeless" else machine + path
