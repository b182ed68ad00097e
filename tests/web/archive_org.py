"""The Wayback Machine: an index, playback, and its bad days."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal, Unpack

from web.answer import Answer, Behaviour, answer
from web.captures import Capture, Captures, Details, surt
from web.cdx import cdx
from web.host import Host
from web.line import Line
from web.log import Log
from web.playback import EXCLUDED, asked_for, playback, timemap
from web.request import Request
from web.saving import Saving

Service = Literal["cdx", "playback", "save"]

BLOCKED_SITE = answer(
    "Blocked Site Error\n",
    403,
    {
        "X-Archive-Wayback-Runtime-Error": (
            "AdministrativeAccessControlException: Blocked Site Error"
        )
    },
    content_type="text/plain",
)
OUTAGE = answer("<title>Temporarily Offline</title><h1>Temporarily Offline</h1>", 503)
NOT_ONE = {  # an index that finds nothing
    True: answer("[]\n", content_type="application/json"),
    False: answer("", content_type="text/plain"),
}


def too_many(retry_after: str | None = None) -> Answer:
    """The Wayback Machine's own 429; as of late without a Retry-After."""
    headers = {"Retry-After": retry_after} if retry_after else {}
    return answer("<h1>429 Too Many Requests</h1>", 429, headers)


class Wayback:
    """The machine at `url`, holding what `capture` puts in. `delay` slows all that it does."""

    def __init__(self, host: Host, url: str, log: Log) -> None:
        self.host = host
        self.url = url
        self.captures = Captures()
        self.delay = 0.0
        self.saving = Saving(self.captures)
        self._log = log
        self._excluded: set[str] = set()
        self._forgotten: dict[str, int] = {}
        self._instead: dict[Service, list[Behaviour]] = {}
        self._limits: dict[Service, tuple[int, float]] = {}
        self._outage: Behaviour | None = None
        host.otherwise(self._answer)

    def capture(
        self, url: str, timestamp: str, body: str | bytes = b"", **details: Unpack[Details]
    ) -> str:
        """Hold a capture; returns its memento's URL. The details are those of a Capture."""
        data = body.encode() if isinstance(body, str) else body
        self.captures.add(Capture(url=url, timestamp=timestamp, body=data, **details))
        return self.memento(url, timestamp)

    def memento(self, url: str, timestamp: str, flag: str = "") -> str:
        """The URL of a memento."""
        return f"{self.url}/web/{timestamp}{flag}/{url}"

    def exclude(self, host: str) -> None:
        """Let all of a host be excluded: 403 of the index, a 200 without a memento of playback."""
        self._excluded.add(surt(host).partition(")")[0])

    def forget(self, url: str, times: int = 1) -> None:
        """Let the index answer so many queries for a URL as if there were no captures."""
        self._forgotten[surt(url)] = times

    def instead(self, service: Service, *behaviours: Behaviour) -> None:
        """What a service does for its next requests, one each, before it does its work again."""
        self._instead.setdefault(service, []).extend(behaviours)

    def limit(self, service: Service, most: int, seconds: float = 60.0) -> None:
        """Answer 429 to whatever comes above so many requests in so many seconds."""
        self._limits[service] = most, seconds

    def fail(self, behaviour: Behaviour = OUTAGE) -> None:
        """Fail at everything, until `recover`."""
        self._outage = behaviour

    def recover(self) -> None:
        """Work again."""
        self._outage = None

    def requests(self, service: Service) -> Log:
        """What a service was asked: how often, how densely (`most_within`), how many at once."""
        return Log([one for one in self._log.to(self.host.name) if _service(one) == service])

    async def _answer(self, line: Line, request: Request) -> None:
        if self.delay:
            await line.sleep(self.delay)
        await self._chosen(request)(line, request)

    def _chosen(self, request: Request) -> Behaviour:
        service = _service(request)
        if self._outage:
            return self._outage
        if waiting := self._instead.get(service):
            return waiting.pop(0)
        most, seconds = self._limits.get(service, (0, 0.0))
        if most and self.requests(service).since(request.started - seconds) > most:
            return too_many()
        return self._works[service](request)

    @property
    def _works(self) -> Mapping[Service, Callable[[Request], Behaviour]]:
        return {"cdx": self._cdx, "playback": self._playback, "save": self.saving}

    def _cdx(self, request: Request) -> Answer:
        if request.path.startswith("/web/timemap/"):
            return timemap(self.captures, self.url, request)
        url = request.query.get("url", [""])[-1]
        if self._is_excluded(url):
            return BLOCKED_SITE
        if times := self._forgotten.get(surt(url), 0):
            self._forgotten[surt(url)] = times - 1
            return NOT_ONE["json" in request.query.get("output", [])]
        return cdx(self.captures, request)

    def _playback(self, request: Request) -> Answer:
        if self._is_excluded(asked_for(request)):
            return EXCLUDED
        return playback(self.captures, self.url, request)

    def _is_excluded(self, url: str) -> bool:
        return surt(url).partition(")")[0].partition(":")[0] in self._excluded


def _service(request: Request) -> Service:
    """Whose a request is; timemaps share the index's pool."""
    if request.path.startswith("/save"):
        return "save"
    if request.path.startswith(("/cdx/", "/web/timemap/")):
        return "cdx"
    return "playback"
