"""Settings of proofs: `[verify]`."""

from __future__ import annotations

from typing import NamedTuple

from archivist.config.table import Table


class VerifySettings(NamedTuple):
    """`[verify]`: whether every commit that records a version must have a good signature."""

    require_signatures: bool = False


def verify_settings(table: Table) -> VerifySettings:
    """`[verify]`. Raises ConfigurationError."""
    table.allow(VerifySettings._fields)
    return VerifySettings(table.flag("require_signatures", False))
