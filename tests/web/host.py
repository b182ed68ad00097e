"""A host of the web: what each of its paths does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

from web.answer import Behaviour, Headers, answer, redirection, script
from web.certificates import Certificate
from web.request import Request

_AS_THEY_ARE = "/?#[]@!$&'()*+,;=:%~"

NOT_FOUND = answer("<title>Not Found</title><h1>Not Found</h1>", 404)


@dataclass(eq=False)
class Host:
    """A name with an address of its own. A path that nothing was said about is not found."""

    name: str
    address: str
    certificate: Certificate = "good"
    paths: dict[str, Behaviour] = field(default_factory=dict)
    _otherwise: Behaviour = NOT_FOUND

    def behave(self, path: str, behaviour: Behaviour) -> None:
        """Let a path behave so. A path is taken with its query if it has one, else without."""
        self.paths[_encoded(path)] = behaviour

    def page(
        self,
        path: str,
        body: str | bytes,
        status: int = 200,
        headers: Headers | None = None,
        *,
        delay: float = 0.0,
        content_type: str | None = "text/html; charset=utf-8",
    ) -> None:
        """A page; text goes out as UTF-8."""
        self.behave(path, answer(body, status, headers, delay=delay, content_type=content_type))

    def redirect(self, path: str, location: str, status: int = 301) -> None:
        """A redirect; the location goes out as it is given."""
        self.behave(path, redirection(location, status))

    def script(self, path: str, behaviours: Sequence[Behaviour]) -> None:
        """Successive answers, one a request; the last one stays."""
        self.behave(path, script(*behaviours))

    def robots(self, text: str, status: int = 200) -> None:
        """The host's robots.txt."""
        self.page("/robots.txt", text, status, content_type="text/plain")

    def otherwise(self, behaviour: Behaviour) -> None:
        """What all the other paths do."""
        self._otherwise = behaviour

    def answer_to(self, request: Request) -> Behaviour:
        """What the host does with a request."""
        target, path = _encoded(request.target), _encoded(request.path)
        return self.paths.get(target) or self.paths.get(path) or self._otherwise


def _encoded(path: str) -> str:
    """A path as it goes over the line."""
    return quote(path, safe=_AS_THEY_ARE, errors="surrogateescape")
