"""A request, as a server of the web got it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit


@dataclass(eq=False, slots=True)
class Request:
    """One request. Times are `time.monotonic()`'s; `ended` is None while it is in flight."""

    started: float
    host: str  # whose address was asked, whatever the Host header says
    method: str
    target: str  # as it stood in the request line
    headers: Mapping[str, str]  # by lower-case name
    connection: int  # counted over the whole web, from 1
    tls: bool = False
    body: bytes = b""
    ended: float | None = field(default=None)

    @property
    def path(self) -> str:
        """The target up to its query, still encoded."""
        return self.target.partition("?")[0]

    @property
    def query(self) -> dict[str, list[str]]:
        """The query's values by name, decoded."""
        return parse_qs(urlsplit(self.target).query, keep_blank_values=True)

    @property
    def form(self) -> dict[str, list[str]]:
        """The body's values by name, decoded."""
        return parse_qs(self.body.decode("utf-8", "replace"), keep_blank_values=True)

    @property
    def cookies(self) -> dict[str, str]:
        """What the Cookie header says."""
        pairs = (one.partition("=") for one in self.headers.get("cookie", "").split(";"))
        return {name.strip(): value.strip() for name, sign, value in pairs if sign}
