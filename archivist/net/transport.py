"""Many fetches at once, over libcurl's multi interface.

libcurl connects, speaks TLS and HTTP/1.1 or HTTP/2, and decodes; what may be connected to, how much
is read and how long it may take is decided here.
"""

from __future__ import annotations

import os
import selectors
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

import pycurl

from archivist import __version__
from archivist.config.scan import NetworkSettings
from archivist.errors import EnvironmentFailure
from archivist.net.exchange import Exchange
from archivist.net.failures import name_failure
from archivist.net.fetch import Answer, Failure, Fetch, Trouble
from archivist.net.wire import host_of, wire_url

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor

_LOOKUP_TICK = 0.05  # seconds between looks at names that are looked up again
_LOOKUPS = 8  # names at once
_AT_ONCE = 16  # sockets that are served before their answers are looked at
_READ, _WRITE = selectors.EVENT_READ, selectors.EVENT_WRITE


class Transport:
    """Runs fetches; each comes with a token of the caller's, which comes back with the answer.

    Raises EnvironmentFailure if the certificates of the known authorities cannot be read.
    """

    def __init__(
        self, settings: NetworkSettings, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._authorities = _authorities()
        self._selector = selectors.DefaultSelector()
        self._multi = pycurl.CurlMulti()
        self._multi.setopt(pycurl.M_SOCKETFUNCTION, self._watch)
        self._multi.setopt(pycurl.M_TIMERFUNCTION, self._set_timer)
        self._multi.setopt(pycurl.M_MAXCONNECTS, _most_connections(settings.concurrency))
        self._wake: float | None = None
        self._idle: list[Exchange] = []
        self._busy: dict[pycurl.Curl, tuple[Exchange, object]] = {}
        self._events: deque[tuple[selectors.SelectorKey, int]] = deque()
        self._ready: deque[tuple[object, Answer]] = deque()
        self._resolver: ThreadPoolExecutor | None = None
        self._lookups: list[tuple[Future[Failure], object, Answer]] = []

    def start(self, token: object, fetch: Fetch) -> None:
        """Begin a fetch."""
        url = wire_url(fetch.url)
        if url is None:
            failure = Failure(Trouble.URL, "cannot be asked: this is no http(s) URL")
            self._ready.append((token, Answer(fetch.url, failure=failure)))
            return
        exchange = self._idle.pop() if self._idle else self._exchange()
        exchange.begin(fetch, url)
        self._busy[exchange.handle] = (exchange, token)
        self._multi.add_handle(exchange.handle)

    def wait(self, seconds: float) -> list[tuple[object, Answer]]:
        """The answers that came, waiting so long for the first of them. A few at a time: what has
        become free is put to use before the others are read.
        """
        end = self._clock() + seconds
        while True:
            self._wake_up()
            self._select(0.0 if self._ready else self._until(end) - self._clock())
            self._collect_lookups()
            if self._ready or self._clock() >= end:
                answers = list(self._ready)
                self._ready.clear()
                return answers

    def close(self) -> None:
        """Let go of all connections."""
        for exchange, _ in self._busy.values():
            self._multi.remove_handle(exchange.handle)
            exchange.handle.close()
        for exchange in self._idle:
            exchange.handle.close()
        self._busy.clear()
        self._idle.clear()
        self._multi.close()
        self._selector.close()
        if self._resolver:
            self._resolver.shutdown(wait=False, cancel_futures=True)

    def _until(self, end: float) -> float:
        if self._lookups:
            end = min(end, self._clock() + _LOOKUP_TICK)
        return end if self._wake is None else min(end, self._wake)

    def _wake_up(self) -> None:
        """Let libcurl do what it wanted to do by now: begin with new fetches, give up old ones."""
        if self._wake is not None and self._wake <= self._clock():
            self._wake = None
            self._multi.socket_action(pycurl.SOCKET_TIMEOUT, 0)
            self._collect()

    def _select(self, seconds: float) -> None:
        if not self._events:
            self._events.extend(self._selector.select(max(seconds, 0)))
        known = self._selector.get_map()
        for _ in range(min(_AT_ONCE, len(self._events))):
            key, events = self._events.popleft()
            if key.fd not in known:  # it was closed meanwhile
                continue
            mask = (pycurl.CSELECT_IN if events & _READ else 0) | (
                pycurl.CSELECT_OUT if events & _WRITE else 0
            )
            self._multi.socket_action(key.fd, mask)
        self._collect()

    def _collect(self) -> None:
        while True:
            waiting, good, failed = self._multi.info_read()
            for handle in good:
                self._end(handle, pycurl.E_OK, "")
            for handle, code, message in failed:
                self._end(handle, code, message)
            if not waiting:
                return

    def _end(self, handle: pycurl.Curl, code: int, message: str) -> None:
        exchange, token = self._busy.pop(handle)
        self._multi.remove_handle(handle)
        answer = exchange.end(code, message)
        self._idle.append(exchange)
        if answer.failure and answer.failure.trouble is Trouble.NAME_LOOKUP:
            self._look_up(token, answer)
        else:
            self._ready.append((token, answer))

    def _look_up(self, token: object, answer: Answer) -> None:
        """Ask the resolver why: libcurl does not say whether there is no such name."""
        from concurrent.futures import ThreadPoolExecutor

        if self._resolver is None:
            self._resolver = ThreadPoolExecutor(_LOOKUPS, "names")
        host = host_of(wire_url(answer.url) or "")
        self._lookups.append((self._resolver.submit(name_failure, host), token, answer))

    def _collect_lookups(self) -> None:
        for one in [one for one in self._lookups if one[0].done()]:
            self._lookups.remove(one)
            future, token, answer = one
            self._ready.append((token, answer._replace(failure=future.result())))

    def _exchange(self) -> Exchange:
        contact = self._settings.user_agent_contact
        agent = f"archivist/{__version__}" + (f" (+{contact})" if contact else "")
        return Exchange(self._settings, agent, self._authorities)

    def _watch(self, event: int, fd: int, _multi: pycurl.CurlMulti, _data: object) -> None:
        """Hear from libcurl which sockets it waits for."""
        if event == pycurl.POLL_REMOVE:
            with suppress(KeyError, ValueError, OSError):
                self._selector.unregister(fd)
            return
        mask = (_READ if event & pycurl.POLL_IN else 0) | (_WRITE if event & pycurl.POLL_OUT else 0)
        try:
            self._selector.modify(fd, mask)
        except KeyError:
            self._selector.register(fd, mask)

    def _set_timer(self, milliseconds: int) -> None:
        self._wake = None if milliseconds < 0 else self._clock() + milliseconds / 1000


def _most_connections(concurrency: int) -> int:
    """How many connections are kept for another request to their host: several times as many as
    are used at once, because hosts take turns; but not more than files may be open.
    """
    import resource

    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = max(256, 4 * concurrency)
    return wanted if soft == resource.RLIM_INFINITY else max(16, min(wanted, soft // 2))


def _authorities() -> str:
    """The file with the certificates that are trusted: `SSL_CERT_FILE`, or certifi's."""
    import certifi

    path = os.environ.get("SSL_CERT_FILE") or certifi.where()
    if not os.path.isfile(path):
        raise EnvironmentFailure(
            f"there is no file of certificates {path}", "SSL_CERT_FILE names it"
        )
    return path
