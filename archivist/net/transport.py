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
from typing import TYPE_CHECKING, NamedTuple

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
_FEW = 16  # answers
_LONG = 0.2  # seconds without a look at the network, after which timeouts are doubted
_ASLEEP = 1.0  # seconds of the same, after which servers may have closed connections for it
_BEGINS = 4  # times that a fetch is begun, if all of these fail while we were absent
_CLOSED = (
    *(pycurl.E_GOT_NOTHING, pycurl.E_SEND_ERROR, pycurl.E_RECV_ERROR, pycurl.E_PARTIAL_FILE),
    *(pycurl.E_SSL_CONNECT_ERROR, pycurl.E_COULDNT_CONNECT),
)
_READ, _WRITE = selectors.EVENT_READ, selectors.EVENT_WRITE


class _Absences(NamedTuple):
    """How often we had not looked at the network for long, and how often for very long."""

    long: int = 0
    asleep: int = 0


class _Going(NamedTuple):
    """A fetch under way; `absences` is how many there had been when it began, `begins` how often
    it has begun.
    """

    exchange: Exchange
    token: object
    fetch: Fetch
    absences: _Absences
    begins: int = 1


class Transport:
    """Runs fetches; each comes with a token of the caller's, which comes back with the answer.

    Raises EnvironmentFailure if the certificates of the known authorities cannot be read, and if no
    more connections can be opened.
    """

    def __init__(
        self,
        settings: NetworkSettings,
        clock: Callable[[], float] = time.monotonic,
        calendar: Callable[[], float] = time.time,
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._calendar = calendar  # goes on while the machine sleeps, which a clock may not
        self._authorities = _authorities()
        self._selector = selectors.DefaultSelector()
        self._multi = pycurl.CurlMulti()
        self._multi.setopt(pycurl.M_SOCKETFUNCTION, self._watch)
        self._multi.setopt(pycurl.M_TIMERFUNCTION, self._set_timer)
        self._multi.setopt(pycurl.M_MAXCONNECTS, _most_connections(settings.concurrency))
        self._wake: float | None = None
        self._idle: list[Exchange] = []
        self._busy: dict[pycurl.Curl, _Going] = {}
        self._looked = clock(), calendar()
        self._absences = _Absences()
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
        self._begin(_Going(exchange, token, fetch, self._absences), url)

    def _begin(self, going: _Going, url: str, *, anyhow: bool = False) -> None:
        going.exchange.begin(going.fetch, url, anyhow=anyhow)
        self._busy[going.exchange.handle] = going
        self._multi.add_handle(going.exchange.handle)

    def wait(self, seconds: float) -> list[tuple[object, Answer]]:
        """The answers that came, waiting so long for the first of them. A few at a time: what has
        become free is put to use before the others are looked at.
        """
        end = self._clock() + seconds
        while True:
            self._select(0.0 if self._ready else self._until(end) - self._clock())
            self._wake_up()
            self._collect_lookups()
            if self._ready or self._clock() >= end:
                few = min(len(self._ready), _FEW)
                return [self._ready.popleft() for _ in range(few)]

    def close(self) -> None:
        """Let go of all connections."""
        for handle, going in self._busy.items():
            self._multi.remove_handle(handle)
            going.exchange.close()
        for exchange in self._idle:
            exchange.close()
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
        self._note_absence()
        found = self._selector.select(max(seconds, 0))
        self._note_absence(max(seconds, 0))
        for key, events in found:
            mask = (pycurl.CSELECT_IN if events & _READ else 0) | (
                pycurl.CSELECT_OUT if events & _WRITE else 0
            )
            self._multi.socket_action(key.fd, mask)
        self._collect()

    def _note_absence(self, meant: float = 0.0) -> None:
        """Note whether more time has passed since the last look than was `meant` to."""
        before, self._looked = self._looked, (self._clock(), self._calendar())
        passed = max(now - then for now, then in zip(self._looked, before, strict=True)) - meant
        if passed > _LONG:
            long, asleep = self._absences
            self._absences = _Absences(long + 1, asleep + (passed > _ASLEEP))

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
        going = self._busy.pop(handle)
        self._multi.remove_handle(handle)
        if self._is_ours(going, code):
            again = going._replace(absences=self._absences, begins=going.begins + 1)
            self._begin(again, wire_url(going.fetch.url) or "")
            return
        if going.exchange.is_beyond_us:
            self._begin(going, wire_url(going.fetch.url) or "", anyhow=True)
            return
        answer, token = going.exchange.end(code, message), going.token
        self._idle.append(going.exchange)
        if answer.failure and answer.failure.trouble is Trouble.NAME_LOOKUP:
            self._look_up(token, answer)
        else:
            self._ready.append((token, answer))

    def _is_ours(self, going: _Going, code: int) -> bool:
        """True if a failure may be our own: while we did something else for long, what came in time
        was taken for late; and while we slept, the server may have lost its patience.
        """
        if code == pycurl.E_OK or going.begins >= _BEGINS:
            return False
        self._note_absence()  # we may have been stopped since we looked
        before = going.absences
        if code == pycurl.E_OPERATION_TIMEDOUT:
            return before.long != self._absences.long
        return code in _CLOSED and not going.fetch.form and before.asleep != self._absences.asleep

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
    are used at once, because hosts take turns; but not more than files may be open. As many may be
    from now on as are needed, if the system lets us.
    """
    import resource

    wanted = max(256, 4 * concurrency)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    # Of those in use there are two files each, and the rest of the program has some open.
    room = wanted + 2 * concurrency + 64
    if soft != resource.RLIM_INFINITY and soft < room:
        soft = room if hard == resource.RLIM_INFINITY else min(room, hard)
        with suppress(ValueError, OSError):  # the system may allow less than it says
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return wanted
    return max(4, min(wanted, soft - 2 * concurrency - 64))


def _authorities() -> str:
    """The file with the certificates that are trusted: `SSL_CERT_FILE`, or certifi's."""
    import certifi

    path = os.environ.get("SSL_CERT_FILE") or certifi.where()
    if not os.path.isfile(path):
        raise EnvironmentFailure(
            f"there is no file of certificates {path}", "SSL_CERT_FILE names it"
        )
    return path
