"""The whole of a scan: gather, ask, report."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from archivist.config.scan import ScanSettings
from archivist.linkreport import LinkReport
from archivist.scanning.gathering import gather
from archivist.scanning.outcome import Outcomes
from archivist.scanning.placing import Placing
from archivist.scanning.scan import Scan, Wanted
from archivist.state.verdicts import LinkMemory
from archivist.workspace import Workspace


@dataclass(frozen=True)
class Links:
    """The links of an archive, as they are at a time."""

    workspace: Workspace
    settings: ScanSettings
    memory: LinkMemory
    now: datetime
    progress: Callable[[int, int, str], None]

    def gather(self) -> list[str]:
        """Learn where the entries point to; their paths. Raises FileFailure."""
        bodies = self.settings.links.bodies
        return gather(self.workspace.root, self.memory, bodies=bodies)

    def scan(self, paths: list[str], texts: bool, max_age_hours: float) -> LinkReport:
        """Ask what is not fresh, and report on everything in these entries. Raises FileFailure,
        ConfigurationError or EnvironmentFailure.
        """
        mementos = self.settings.wayback.max_age_days if max_age_hours else 0.0
        wanted = Wanted(texts, max_age_hours, mementos, self.settings.links.bodies)
        scan = Scan(
            self.workspace.root,
            self.settings,
            self.memory,
            self.now,
            wanted,
            lambda done, total: self.progress(done, total, "URLs"),
        )
        scan.run(paths)
        placing = Placing(self.workspace.root, self.settings.links, self.workspace.schemas)
        time = self.now.strftime("%Y-%m-%dT%H:%M:%SZ")
        with_mementos = texts and self.settings.wayback.enabled
        outcomes = Outcomes(self.memory, self.settings.links, placing, time, with_mementos)
        return outcomes.report(len(paths), scan.asked, scan.left, scan.network_down)
