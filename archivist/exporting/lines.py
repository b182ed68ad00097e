"""Rows as JSON Lines: an object a line, with the table's name as `table`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence

from archivist.state.tables import Row, Table


def as_lines(tables: Sequence[Table], rows: Iterable[Row]) -> Iterator[bytes]:
    """A line for each row; keys are the names of the columns, in their order."""
    names = {one.name: tuple(column.name for column in one.columns) for one in tables}
    for table, values in rows:
        document = {"table": table, **dict(zip(names[table], values, strict=True))}
        yield json.dumps(document).encode() + b"\n"
