"""Settings: `archivist.toml`, or `[tool.archivist]` in `pyproject.toml`. All have defaults."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from archivist.config.table import Table
from archivist.errors import ConfigurationError

if TYPE_CHECKING:
    from archivist.config.scan import ScanSettings
    from archivist.config.snapshot import SnapshotSettings
    from archivist.config.verify import VerifySettings

FILES = ("archivist.toml", "pyproject.toml")
BASELINE = "archivist-baseline.json"
_TWICE = re.compile(r"Cannot declare \('([^']+)',\) twice")  # in the words of tomllib
_SCAN = ("network", "wayback", "links")


class Ignore(NamedTuple):
    """Codes that are switched off for one entry, and why."""

    entry: str
    codes: tuple[str, ...]
    reason: str


class CheckSettings(NamedTuple):
    """`[check]`: rules switched off for the archive, severities, rules switched off for an entry,
    and the file of the baseline.
    """

    disable: tuple[str, ...] = ()
    severity: tuple[tuple[str, str], ...] = ()
    ignore: tuple[Ignore, ...] = ()
    baseline: str = BASELINE


class Settings(NamedTuple):
    """All settings, and the file they were read from (blank for the defaults)."""

    check: CheckSettings = CheckSettings()
    source: str = ""
    given_scan: ScanSettings | None = None
    given_snapshot: SnapshotSettings | None = None
    given_verify: VerifySettings | None = None

    @property
    def scan(self) -> ScanSettings:
        """What is set for links, the network and the Wayback Machine."""
        from archivist.config.scan import ScanSettings  # the hook does without it

        return self.given_scan or ScanSettings()

    @property
    def snapshot(self) -> SnapshotSettings:
        """What is set for captures."""
        from archivist.config.snapshot import SnapshotSettings

        return self.given_snapshot or SnapshotSettings()

    @property
    def verify(self) -> VerifySettings:
        """What is set for proofs."""
        from archivist.config.verify import VerifySettings

        return self.given_verify or VerifySettings()


def parse_settings(data: bytes, name: str) -> Settings:
    """The settings in a file's bytes; `name` says which file it is.

    Raises ConfigurationError for what is not TOML, for a key that does not exist (with the one
    that was probably meant), and for a value of the wrong type.
    """
    import tomllib  # a folder without settings is an archive too

    try:
        document: dict[str, Any] = tomllib.loads(data.decode())
    except (ValueError, RecursionError) as error:
        twice = _TWICE.match(str(error))
        hint = f"put all keys of [{twice[1]}] below one line of that name" if twice else None
        raise ConfigurationError(f"{name} is not TOML: {error}", hint) from error
    if name.endswith("pyproject.toml"):
        tools = document.get("tool")
        document = tools.get("archivist", {}) if isinstance(tools, dict) else {}
        if document == {}:
            return Settings()
    table = Table(document, name, "")
    table.allow(("check", *_SCAN, "snapshot", "verify"))
    scan = None
    if any(key in table.items for key in _SCAN):
        from archivist.config.scan import scan_settings

        scan = scan_settings(table)
    snapshot = None
    if "snapshot" in table.items:
        from archivist.config.snapshot import snapshot_settings

        snapshot = snapshot_settings(table.table("snapshot"))
    verify = None
    if "verify" in table.items:
        from archivist.config.verify import verify_settings

        verify = verify_settings(table.table("verify"))
    return Settings(_check_settings(table.table("check")), name, scan, snapshot, verify)


def _check_settings(table: Table) -> CheckSettings:
    table.allow(("disable", "severity", "ignore", "baseline"))
    severities = table.table("severity")
    for code, value in severities.items.items():
        if value not in ("error", "warning"):
            severities.fail(code, 'must be "error" or "warning"')
    return CheckSettings(
        disable=table.texts("disable"),
        severity=tuple(sorted(severities.items.items())),
        ignore=tuple(_ignore(one) for one in table.tables("ignore")),
        baseline=table.text("baseline", BASELINE),
    )


def _ignore(table: Table) -> Ignore:
    table.allow(("entry", "codes", "reason"))
    for key in ("entry", "codes", "reason"):
        if not table.items.get(key):
            table.fail(key, "must be given")
    return Ignore(table.text("entry", ""), table.texts("codes"), table.text("reason", ""))
