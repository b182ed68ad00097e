"""How well it is known that a version stood on a day, for people."""

from __future__ import annotations

from collections.abc import Iterator

from archivist.versions.choosing import committed_day
from archivist.versions.naming import InForce, since
from archivist.versions.version import WORKING, Version

_SHORT = 10  # characters of a commit


def certainty(found: InForce) -> str:
    """What is known of a version and of its day, in one line."""
    one = found.version
    parts = [f"archived {one.archived.styled()}" if one.archived else "archived on no known day"]
    if found.is_early:
        parts[0] += ", after that day"
    if one.announced:
        late = ", after that day" if found.is_announced_later else ""
        parts.append(f"announced {one.announced.styled()}{late}")
    parts += _next(one, found.next)
    parts.append(_committed(one))
    return f"{one.entry}: {'; '.join([*parts, *_warnings(found)])}"


def doubts(found: InForce) -> Iterator[str]:
    """What must not go unsaid of a version that was named by its day, in a line each."""
    one = found.version
    if found.is_early and one.archived and one.announced:
        yield (
            f"{one.entry}: known from its announcement ({one.announced.styled()}) only; the text "
            f"was archived {one.archived.styled()}"
        )
    if found.is_announced_later and one.announced:
        yield f"{one.entry}: the text was announced {one.announced.styled()}, after that day"
    yield from (f"{one.entry}: {warning}" for warning in _warnings(found))


def removed(version: Version) -> str:
    """When an entry was taken away."""
    day = committed_day(version)
    if version.rev is None or day is None:
        return f"removed from the archive ({version.rev[:_SHORT] if version.rev else WORKING})"
    return f"removed from the archive on {day:%b %d, %Y} (commit {version.rev[:_SHORT]})"


def _warnings(found: InForce) -> Iterator[str]:
    if found.doubt:
        yield f"{(found.doubt.rev or '')[:_SHORT]} may have replaced it, and cannot be read"
    if found.removed:
        yield removed(found.removed)


def _committed(one: Version) -> str:
    """Which commit a version is, and of which day: its dates may say another."""
    if one.rev is None:
        return WORKING
    day = committed_day(one)
    return f"commit {one.rev[:_SHORT]}" + (f" of {day:%b %d, %Y}" if day else "")


def _next(one: Version, following: Version | None) -> list[str]:
    begin = since(following, one) if following else None
    return [f"next version {begin.styled()}"] if begin else []
