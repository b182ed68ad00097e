"""A TOML table that knows its name, so that what is wrong in it can be said of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from archivist.errors import ConfigurationError
from archivist.names import nearest


class Table:
    """A TOML table of a settings file. Every method may raise ConfigurationError."""

    def __init__(self, items: object, file: str, name: str) -> None:
        self._file = file
        self._name = name
        if not isinstance(items, Mapping):
            raise ConfigurationError(f"{file}: [{name}] must be a table")
        self.items: Mapping[str, Any] = items

    def allow(self, keys: Iterable[str]) -> None:
        """Refuse any other key."""
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

    def texts(self, key: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
        """A list of texts."""
        value = self.items.get(key, list(default))
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            self.fail(key, "must be a list of texts")
        return tuple(value)

    def flag(self, key: str, default: bool) -> bool:
        """A truth value."""
        value = self.items.get(key, default)
        if not isinstance(value, bool):
            self.fail(key, "must be true or false")
        return bool(value)

    def number(self, key: str, default: float, least: float, most: float) -> float:
        """A number between two others."""
        value = self.items.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.fail(key, "must be a number")
        elif not least <= value <= most:
            self.fail(key, f"must be between {least:g} and {most:g}")
        return float(value)

    def whole(self, key: str, default: int, least: int, most: int) -> int:
        """A whole number between two others."""
        if not isinstance(self.items.get(key, default), int):
            self.fail(key, "must be a whole number")
        return int(self.number(key, default, least, most))

    def table(self, key: str) -> Table:
        """A table below this one."""
        return Table(self.items.get(key, {}), self._file, self._of(key))

    def tables(self, key: str) -> list[Table]:
        """A list of tables, `[[…]]`."""
        value = self.items.get(key, [])
        if not isinstance(value, list):
            self.fail(key, "must be a list of tables")
        return [Table(one, self._file, self._of(key)) for one in value]

    def _of(self, key: str) -> str:
        return f"{self._name}.{key}" if self._name else key
