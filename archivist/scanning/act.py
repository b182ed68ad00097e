"""The whole of a scan: gather, ask, report."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cached_property

from archivist.config.scan import ScanSettings
from archivist.linkreport import LinkReport
from archivist.scanning.agenda import Freshness
from archivist.scanning.gathering import Gathering
from archivist.scanning.outcome import Outcomes
from archivist.scanning.placing import Placing
from archivist.scanning.plan import Plan, Wanted
from archivist.state.verdicts import LinkMemory
from archivist.workspace import Workspace


class Links:
    """The links of an archive, as they are at a time."""

    def __init__(
        self,
        workspace: Workspace,
        settings: ScanSettings,
        memory: LinkMemory,
        now: datetime,
        progress: Callable[[int, int, str], None],
    ) -> None:
        self.workspace = workspace
        self.settings = settings
        self.memory = memory
        self.now = now
        self.progress = progress

    @cached_property
    def gathering(self) -> Gathering:
        """Where the entries point to; what has changed is still to be read. Raises FileFailure."""
        return Gathering(self.workspace.root, self.memory, bodies=self.settings.links.bodies)

    def scan(self, paths: list[str], texts: bool, max_age_hours: float) -> LinkReport:
        """Ask what is not fresh, and report on everything in these entries. Raises FileFailure,
        ConfigurationError or EnvironmentFailure.
        """
        days = self.settings.wayback.max_age_days if max_age_hours else 0.0
        wanted = Wanted(texts, Freshness(max_age_hours, days), self.settings.links.bodies)
        plan = Plan(self.memory, self.gathering, paths, self.settings, wanted, self.now)
        asked = self._ask(plan)
        placing = Placing(self.workspace.root, self.settings.links, self.workspace.schemas)
        time = self.now.strftime("%Y-%m-%dT%H:%M:%SZ")
        outcomes = Outcomes(self.memory, self.settings.links, placing, time, plan.with_wayback)
        return outcomes.report(len(paths), *asked)

    def _ask(self, plan: Plan) -> tuple[int, int, bool]:
        """Ask what is on the plan: how many requests that took, how many URLs were not asked in
        time, and whether the network was down.
        """
        lanes = plan.begin()
        if not lanes and plan.is_complete and not (plan.excluded or plan.searches()):
            return 0, 0, False
        from archivist.scanning.scan import Scan  # with all that it takes to ask

        def progress(done: int, total: int) -> None:
            self.progress(done, total, "URLs")

        scan = Scan(self.workspace.root, self.settings, self.memory, plan, progress)
        scan.run(lanes)
        self.gathering.finish()  # if there was no time for it: it is reported as not asked
        return scan.asked, scan.left, scan.network_down
