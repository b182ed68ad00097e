"""Settings of captures: `[snapshot]`."""

from __future__ import annotations

from typing import NamedTuple

from archivist.config.table import Table

EVIDENCE = ("commit", "keep", "none")


class SnapshotSettings(NamedTuple):
    """`[snapshot]`: where evidence goes (into the commit, beside it, nowhere); for how many hours a
    return to an earlier text is doubted; which share of the text before must still be there.
    """

    evidence: str = "commit"
    confirm_hours: float = 48.0
    minimum_share: float = 0.6


def snapshot_settings(table: Table) -> SnapshotSettings:
    """`[snapshot]`. Raises ConfigurationError."""
    usual = SnapshotSettings()
    table.allow(SnapshotSettings._fields)
    evidence = table.text("evidence", usual.evidence)
    if evidence not in EVIDENCE:
        table.fail("evidence", f"must be one of {', '.join(EVIDENCE)}; not “{evidence}”")
    return SnapshotSettings(
        evidence,
        table.number("confirm_hours", usual.confirm_hours, 0, 87600),
        table.number("minimum_share", usual.minimum_share, 0, 1),
    )
