"""`robots.txt` (RFC 9309), for those who ask that it be respected."""

from __future__ import annotations

from collections.abc import Generator
from urllib.parse import urlsplit

from archivist.links.following import follow
from archivist.links.source import Asker
from archivist.net.fetch import Answer, Fetch

_AGENT = "archivist"
_LONGEST = 500 << 10  # bytes; RFC 9309, 2.5
_MOST_HOSTS = 10_000


class Robots:
    """What the hosts of a run forbid; each is asked once."""

    def __init__(self, asker: Asker) -> None:
        self._asker = asker
        self._rules: dict[str, list[str]] = {}

    def forbids(self, url: str) -> Generator[Fetch, Answer, str]:
        """Why a URL must not be asked; blank if it may be. What cannot be read forbids nothing."""
        from urllib.robotparser import RobotFileParser

        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        lines = self._rules.get(origin)
        if lines is None:
            lines = yield from self._read(origin)
            if len(self._rules) < _MOST_HOSTS:
                self._rules[origin] = lines
        parser = RobotFileParser()
        parser.parse(lines)
        allowed = not lines or parser.can_fetch(_AGENT, url)
        return "" if allowed else f"{origin}/robots.txt asks programs not to read it"

    def _read(self, origin: str) -> Generator[Fetch, Answer, list[str]]:
        fetch = Fetch(f"{origin}/robots.txt", limit=_LONGEST)
        chain = yield from follow(fetch, self._asker.settings.url_timeout)
        if chain.answer.status != 200:
            return []
        return chain.answer.body.decode("utf-8", "replace").splitlines()
