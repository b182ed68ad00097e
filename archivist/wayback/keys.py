"""The Internet Archive's keys: from the environment only, and for one machine only.

An archive's settings may name another Wayback Machine, and settings come from strangers too: the
keys go to the Internet Archive, unless the environment itself says where else.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from archivist.config.scan import WAYBACK
from archivist.errors import UsageError
from archivist.net.fetch import Secret

ACCESS, SECRET, ELSEWHERE = "IA_ACCESS_KEY", "IA_SECRET_KEY", "IA_KEYS_FOR"
_MOST = 200  # characters


class Keys(NamedTuple):
    """A pair of keys; shown as nothing but that."""

    access: str
    secret: str

    def __repr__(self) -> str:
        return "Keys(<secret>)"

    @property
    def header(self) -> Secret:
        """The header that carries them (Save Page Now 2, “LOW” authorization)."""
        return Secret(f"Authorization: LOW {self.access}:{self.secret}")

    def hidden_in(self, text: str) -> str:
        """A server's words, without the keys if it repeats them."""
        for one in (self.secret, self.access):
            text = text.replace(one, "…")
        return text


def keys_for(machine: str, environment: Mapping[str, str]) -> Keys | None:
    """The keys for the Wayback Machine at this URL; None if there are none, or they are not for it.

    Raises UsageError for half a pair, or for what cannot be a key; it does not show them.
    """
    access, secret = (environment.get(name, "").strip() for name in (ACCESS, SECRET))
    if not access and not secret:
        return None
    if not access or not secret:
        missing = SECRET if access else ACCESS
        raise UsageError(
            f"the Internet Archive gives keys in pairs, and {missing} is not set",
            "https://archive.org/account/s3.php shows both",
        )
    for name, key in ((ACCESS, access), (SECRET, secret)):
        if not (key.isascii() and key.isprintable()) or " " in key or len(key) > _MOST:
            raise UsageError(f"{name} is no key: keys are letters and digits")
    if machine != environment.get(ELSEWHERE, WAYBACK).rstrip("/"):
        return None
    return Keys(access, secret)
