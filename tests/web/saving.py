"""Save Page Now 2 of the Wayback Machine: `/save` and `/save/status/…`."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from web.answer import Answer, answer
from web.captures import Capture, Captures
from web.request import Request

Said = dict[str, Any]

CREDENTIALS = "LOW access:secret"

_USER: Said = {"processing": 0, "daily_captures_limit": 30000}
_UNAUTHORIZED = "You need to be logged in to use Save Page Now."


@dataclass
class Saving:
    """Jobs, one a submitted URL. What a URL's job comes to is said beforehand by `will`; a job
    that nothing was said about stays pending.
    """

    captures: Captures
    plans: dict[str, list[Said]] = field(default_factory=dict)
    refusals: dict[str, Said] = field(default_factory=dict)
    messages: dict[str, str] = field(default_factory=dict)
    jobs: dict[str, str] = field(default_factory=dict)  # id → URL
    available: int = 3  # sessions, as /save/status/user gives them
    daily_captures: int = 0  # that are made today
    already: set[str] = field(default_factory=set)  # URLs with a recent capture: there is no job
    is_open: bool = False  # whether the browsers' path saves without keys
    retry_after: str = "6"

    def will(
        self,
        url: str,
        timestamp: str = "",
        *,
        body: bytes = b"",
        final: str = "",
        pending: int = 0,
        error: str = "",
        visible: bool = True,
    ) -> None:
        """Let the job of a URL be pending for so many questions, then end in an error (of that
        `status_ext`) or a success, whose capture holds the body, is of the `final` URL (if the
        page redirects), and may not yet be visible: neither listed nor playable.
        """
        end: Said = {"status": "error", "status_ext": error, "message": f"It ended in {error}."}
        if not error:
            capture = Capture(
                url=final or url, timestamp=timestamp, body=body, listed=visible, playable=visible
            )
            end = {"status": "success", "capture": capture}
        self.plans[url] = [*({"status": "pending", "resources": []} for _ in range(pending)), end]

    def refuse(self, url: str, status_ext: str, message: str = "Not this one.") -> None:
        """Let the submission of a URL be refused, which looks like an HTTP success."""
        self.refusals[url] = {
            "url": url,
            "status": "error",
            "status_ext": status_ext,
            "message": message,
        }

    def __call__(self, request: Request) -> Answer:
        """The answer to anything under /save."""
        if request.path.startswith("/save/http"):
            return self._anonymous(request)
        if request.headers.get("authorization") == CREDENTIALS:
            return self._known(request)
        return self._said({"message": _UNAUTHORIZED}, 401)

    def _known(self, request: Request) -> Answer:
        what = request.path.removeprefix("/save").strip("/")
        if what == "status/user":
            used = {"available": self.available, "daily_captures": self.daily_captures}
            return self._said(_USER | used)
        if what == "status/system":
            return self._said({"status": "ok", "recent_captures": 0, "queues": {}})
        if what.startswith("status/"):
            return self._status(what.removeprefix("status/"))
        if request.method != "POST" or what:
            return answer("<h1>429 Too Many Requests</h1>", 429)  # the browsers' path
        return self._submitted(request.form.get("url", [""])[-1])

    def _anonymous(self, request: Request) -> Answer:
        """The path of browsers, which seldom works; if so, it leads to the capture."""
        url = request.target.removeprefix("/save/")
        if not self.is_open or url not in self.plans:
            return answer("<h1>429 Too Many Requests</h1>", 429)
        said = self._finished(self.plans[url][-1])
        place = f"/web/{said['timestamp']}/{said['original_url']}"
        return answer("", 302, {"Location": place})

    def _submitted(self, url: str) -> Answer:
        if url in self.refusals:
            return self._said(self.refusals[url])
        if "://" not in url:
            return self._said({"status": "error", "status_ext": "invalid-url-syntax"})
        if url in self.already:
            return self._said(
                {"url": url, "job_id": None, "message": "The same snapshot is there."}
            )
        job = f"spn2-{hashlib.sha1(url.encode()).hexdigest()}"  # the same for the same URL
        self.jobs[job] = url
        said = {"url": url, "job_id": job}
        if url in self.messages:
            said["message"] = self.messages[url]
        return self._said(said)

    def _status(self, job: str) -> Answer:
        if job not in self.jobs:
            return self._said({"status": "error", "status_ext": "no-such-job", "job_id": job})
        plan = self.plans.get(self.jobs[job], [{"status": "pending", "resources": []}])
        said = plan.pop(0) if len(plan) > 1 else plan[0]
        return self._said({"job_id": job, **(self._finished(said) if "capture" in said else said)})

    def _finished(self, said: Said) -> Said:
        """What is said of a success; from then on there is the capture."""
        capture: Capture = said["capture"]
        if capture not in self.captures.everything:
            self.captures.add(capture)
        return {
            "status": "success",
            "timestamp": capture.timestamp,
            "original_url": capture.url,
            "duration_sec": 6.2,
            "http_status": capture.status,
            "first_archive": len(self.captures.of(capture.url)) == 1,
            "resources": [capture.url],
            "outlinks": [],
        }

    def _said(self, said: Said, status: int = 200) -> Answer:
        headers = {"Retry-After": self.retry_after}
        return answer(json.dumps(said), status, headers, content_type="application/json")
