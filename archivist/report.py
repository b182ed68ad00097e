"""The outcome of a check, for renderers and for the exit code."""

from __future__ import annotations

from typing import NamedTuple

from archivist.diagnostic import Applicability, Diagnostic, Severity


class Report(NamedTuple):
    """What a check found: the paths of the entries checked, the diagnostics by place, how many
    more the baseline knows, and what was mended: (path, code, how often). `staged` is True if what
    a commit will hold was checked, and not the files.
    """

    paths: tuple[str, ...]
    diagnostics: tuple[Diagnostic, ...]
    known: int = 0
    fixed: tuple[tuple[str, str, int], ...] = ()
    staged: bool = False

    @property
    def errors(self) -> int:
        """How many diagnostics are errors."""
        return sum(one.severity is Severity.ERROR for one in self.diagnostics)

    @property
    def warnings(self) -> int:
        """How many diagnostics are warnings."""
        return len(self.diagnostics) - self.errors

    def fixable(self, applicability: Applicability) -> int:
        """How many diagnostics carry a fix of this kind."""
        return sum(
            one.fix is not None and one.fix.applicability is applicability
            for one in self.diagnostics
        )
