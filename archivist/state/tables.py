"""Tables as values: what a database holds, said once for SQL, for JSON and for people."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

# A row on its way: the table's name and the values of its columns.
Row = tuple[str, tuple[object, ...]]


class Column(NamedTuple):
    """A column: its SQL type, what it means, and the `table.column` that it refers to, if any."""

    name: str
    type: str
    meaning: str
    refers: str = ""


class Table(NamedTuple):
    """A table. `key` are the columns of a primary key of several; `indexes` are columns by which
    rows are looked for; `searched` is the column whose words a full-text index `<name>_fts` holds.
    """

    name: str
    meaning: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    indexes: tuple[tuple[str, ...], ...] = ()
    searched: str = ""


def create(table: Table) -> str:
    """The statement that makes a table."""
    parts = [_definition(one) for one in table.columns]
    if table.key:
        parts.append(f"PRIMARY KEY ({', '.join(table.key)})")
    ending = " WITHOUT ROWID" if table.key else ""
    body = ",\n  ".join(parts)
    return f"CREATE TABLE {table.name} (\n  {body}\n){ending};"


def create_indexes(table: Table) -> Iterable[str]:
    """The statements that make a table's indexes, the one for full text among them."""
    for columns in table.indexes:
        name = "_".join((table.name, *columns))
        yield f"CREATE INDEX {name} ON {table.name} ({', '.join(columns)});"
    if table.searched:
        full = f"{table.name}_fts"
        yield (  # Datasette and sqlite-utils look for the table's name in double quotes
            f'CREATE VIRTUAL TABLE {full} USING fts5 ({table.searched}, content="{table.name}", '
            "content_rowid='id', tokenize='unicode61 remove_diacritics 2');"
        )
        yield f"INSERT INTO {full} ({full}) VALUES ('rebuild');"  # noqa: S608 -- names of ours
        yield f"INSERT INTO {full} ({full}) VALUES ('optimize');"  # noqa: S608 -- names of ours


def _definition(column: Column) -> str:
    table, _, name = column.refers.partition(".")
    reference = f" REFERENCES {table} ({name})" if table else ""
    return f"{column.name} {column.type}{reference}"
