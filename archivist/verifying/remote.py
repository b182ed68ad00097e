"""The captures of the Wayback Machine against the texts: an independent witness."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, field

from archivist.addresses import host, memento
from archivist.capturing.shown import unlike
from archivist.config.scan import WAYBACK, ScanSettings
from archivist.entry import Entry
from archivist.net.crawl import Crawl
from archivist.net.fetch import Answer, Fetch
from archivist.verifying.checking import Finding
from archivist.verifying.claims import Claim
from archivist.wayback.cdx import Capture
from archivist.wayback.mementos import WaybackMachine
from archivist.wayback.raw import Raw, fetch_raw


@dataclass(frozen=True)
class Witness:
    """What a memento says of a version: nothing (it agrees), that it does not agree, or that it
    could not be asked. `is_asked` is False where nothing was to be asked.
    """

    finding: Finding | None = None
    unknown: str = ""
    is_asked: bool = True


@dataclass
class Witnesses:
    """Asks for the mementos that commits name, within the rates of the settings."""

    settings: ScanSettings
    progress: Callable[[int, int], None] = lambda _done, _total: None
    _found: dict[str, Witness] = field(default_factory=dict, init=False)
    _wanted: list[tuple[Claim, Entry]] = field(default_factory=list, init=False)

    def add(self, claim: Claim, entry: Entry) -> None:
        """Ask for the memento of a version, if its commit names one."""
        if claim.provenance.wayback.startswith("http"):
            self._wanted.append((claim, entry))

    def ask(self) -> dict[str, Witness]:
        """What the mementos say, by commit. Raises EnvironmentFailure."""
        machine = WaybackMachine(self.settings.wayback)
        crawl: Crawl[tuple[str, Witness]] = Crawl(
            self.settings.network, lambda _lane: None, self._end, machine.manners()
        )
        machine.pause = crawl.pause
        for claim, entry in self._wanted:
            crawl.add(self._conversation(machine, claim, entry))
        try:
            crawl.run(self.settings.wayback.deadline_minutes * 60)
        finally:
            self.progress(1, 1)
        for claim, _ in self._wanted:
            self._found.setdefault(claim.rev, Witness(unknown="the time is over"))
        return self._found

    def _end(self, found: tuple[str, Witness]) -> None:
        rev, witness = found
        self._found[rev] = witness
        self.progress(len(self._found), len(self._wanted))

    def _conversation(
        self, machine: WaybackMachine, claim: Claim, entry: Entry
    ) -> Generator[Fetch, Answer, tuple[str, Witness]]:
        named = claim.provenance.wayback
        found = memento(named)
        if isinstance(found, str):
            return claim.rev, Witness(Finding("memento", f"{named} {found}"), is_asked=False)
        if host(named) not in (host(WAYBACK), host(self.settings.wayback.url)):
            words = f"{host(named)} is another archive: it was not asked"
            return claim.rev, Witness(unknown=words, is_asked=False)
        if machine.is_out:
            return claim.rev, Witness(unknown="the Wayback Machine does not answer now")
        raw = yield from fetch_raw(machine, Capture(found.stamp, found.original, 200, ""))
        return claim.rev, _judged(raw, claim, entry)


def _judged(raw: Raw, claim: Claim, entry: Entry) -> Witness:
    if not raw.is_answered:
        return Witness(unknown=raw.trouble)
    if raw.answer is None:
        return Witness(Finding("memento", f"{claim.provenance.wayback}: {raw.trouble}"))
    then = claim.provenance.when
    words = unlike(raw.answer, raw.capture, entry, then and then.date())
    return Witness(Finding("memento", f"{claim.provenance.wayback} {words}") if words else None)
