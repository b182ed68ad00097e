"""How a timeline is written: quick ways lead to the same as the plain ones."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from archivist.dates import PolicyDate
from archivist.versions import KINDS, Version
from archivist.versions.notes import Notes
from archivist.versions.report import as_json, as_jsonl
from archivist.versions.rows import as_row

NAMES = st.sampled_from(["quay", 'a"\\\n', "\udc80é", "\u2028%s", ""]) | st.text(max_size=2)
NUMBERS = st.none() | st.integers(0, 5000)
DAYS = st.none() | st.sampled_from([PolicyDate(2014), PolicyDate(2014, 2), PolicyDate(2014, 2, 6)])
VERSIONS = st.builds(
    Version,
    entry=NAMES,
    rev=st.none() | st.sampled_from(["", "ab" * 20]),
    path=NAMES,
    oid=st.none() | st.just("cd" * 20),
    kind=st.sampled_from(KINDS),
    committed=st.none() | st.integers(-(10**12), 10**12),
    archived=DAYS,
    announced=DAYS,
    author=NAMES,
    subject=NAMES,
    trailers=st.lists(st.tuples(NAMES, NAMES), max_size=2).map(tuple),
    words=NUMBERS,
    added=NUMBERS,
    removed=NUMBERS,
    origin=st.none() | NAMES,
    alike=st.none() | st.integers(50, 100),
    returns_to=st.none() | st.sampled_from(["", "ef" * 20]),
    is_readable=st.booleans(),
)


@given(VERSIONS)
def test_rows_are_those_of_json(version: Version) -> None:
    versions = [version, version._replace(author="")]
    rows = [as_row(one) for one in versions]
    assert as_jsonl(versions) == "".join(json.dumps(row) + "\n" for row in rows)
    whole = {"version": 1, "versions": rows, "oscillations": [], "complete": True, "notes": ["n"]}
    notes = Notes()
    notes.add("n")
    assert as_json(versions, [], notes) == json.dumps(whole, indent=2) + "\n"
