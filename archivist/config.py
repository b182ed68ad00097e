"""Settings: `archivist.toml`, or `[tool.archivist]` in `pyproject.toml`. All have defaults."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from archivist.errors import ConfigurationError
from archivist.names import nearest

FILES = ("archivist.toml", "pyproject.toml")
BASELINE = "archivist-baseline.json"


@dataclass(frozen=True, slots=True)
class Ignore:
    """Codes that are switched off for one entry, and why."""

    entry: str
    codes: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class CheckSettings:
    """`[check]`: rules switched off for the archive, severities, rules switched off for an entry,
    and the file of the baseline.
    """

    disable: tuple[str, ...] = ()
    severity: tuple[tuple[str, str], ...] = ()
    ignore: tuple[Ignore, ...] = ()
    baseline: str = BASELINE


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, and the file they were read from (blank for the defaults)."""

    check: CheckSettings = CheckSettings()
    source: str = ""


def parse_settings(data: bytes, name: str) -> Settings:
    """The settings in a file's bytes; `name` says which file it is.

    Raises ConfigurationError for what is not TOML, for a key that does not exist (with the one
    that was probably meant), and for a value of the wrong type.
    """
    import tomllib  # a folder without settings is an archive too

    try:
        document: dict[str, Any] = tomllib.loads(data.decode())
    except (ValueError, RecursionError) as error:
        raise ConfigurationError(f"{name} is not TOML: {error}") from error
    if name.endswith("pyproject.toml"):
        tools = document.get("tool")
        document = tools.get("archivist", {}) if isinstance(tools, dict) else {}
        if document == {}:
            return Settings()
    table = _Table(document, name, "")
    table.allow(("check",))
    return Settings(_check_settings(table.table("check")), name)


def _check_settings(table: _Table) -> CheckSettings:
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


def _ignore(table: _Table) -> Ignore:
    table.allow(("entry", "codes", "reason"))
    for key in ("entry", "codes", "reason"):
        if not table.items.get(key):
            table.fail(key, "must be given")
    return Ignore(table.text("entry", ""), table.texts("codes"), table.text("reason", ""))


class _Table:
    """A TOML table that knows its name, for messages."""

    def __init__(self, items: object, file: str, name: str) -> None:
        self._file = file
        self._name = name
        if not isinstance(items, Mapping):
            raise ConfigurationError(f"{file}: [{name}] must be a table")
        self.items: Mapping[str, Any] = items

    def allow(self, keys: Iterable[str]) -> None:
        """Raise ConfigurationError for any other key."""
        for key in self.items:
            if key not in keys:
                near = nearest(key, keys, 0.6)
                hint = f"did you mean `{near}`?" if near else f"known are {', '.join(keys)}"
                raise ConfigurationError(
                    f"{self._file}: there is no setting `{self._of(key)}`", hint
                )

    def fail(self, key: str, requirement: str) -> None:
        """Raise ConfigurationError about a key's value."""
        raise ConfigurationError(f"{self._file}: `{self._of(key)}` {requirement}")

    def text(self, key: str, default: str) -> str:
        """A text."""
        value = self.items.get(key, default)
        if not isinstance(value, str):
            self.fail(key, "must be a text")
        return str(value)

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts."""
        value = self.items.get(key, [])
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            self.fail(key, "must be a list of texts")
        return tuple(value)

    def table(self, key: str) -> _Table:
        """A table below this one."""
        return _Table(self.items.get(key, {}), self._file, self._of(key))

    def tables(self, key: str) -> list[_Table]:
        """A list of tables, `[[…]]`."""
        value = self.items.get(key, [])
        if not isinstance(value, list):
            self.fail(key, "must be a list of tables")
        return [_Table(one, self._file, self._of(key)) for one in value]

    def _of(self, key: str) -> str:
        return f"{self._name}.{key}" if self._name else key
