"""What an export holds: the tables, each column with what it means.

Releases add tables and columns; what is here keeps its name and meaning while `VERSION` stays.
"""

from __future__ import annotations

from archivist.state.tables import Column, Table
from archivist.versions.version import KINDS

VERSION = 1
FORMAT = "archivist export"

ABOUT = Table(
    "about",
    "What this export is of.",
    (
        Column(
            "key",
            "TEXT PRIMARY KEY NOT NULL",
            "`format` (`archivist export`), `version` (of these tables), `commit` (the state that "
            "was exported), `complete` (`yes`, or `no` if a part of the history or of the texts "
            "could not be read), `note` (why not)",
        ),
        Column("value", "TEXT NOT NULL", "its value"),
    ),
)
ENTRIES = Table(
    "entries",
    "Every entry that is or was in the archive, with the front matter of its last version.",
    (
        Column(
            "id",
            "TEXT PRIMARY KEY NOT NULL",
            "the entry's id; of several entries that had one id, those that are gone have `~2`, "
            "`~3` behind it",
        ),
        Column("title", "TEXT NOT NULL", "`conference` or `organization`"),
        Column("path", "TEXT NOT NULL", "where the file is, or was last"),
        Column("present", "INTEGER NOT NULL", "1 if the entry is there, 0 if it was removed"),
        Column("layout", "TEXT NOT NULL", "`coc`, `policy`, `source`, or one of the archive's own"),
        Column("announced", "TEXT", "`date announced` as `2013-12-10`, `2013-12` or `2013`"),
        Column("archived", "TEXT", "`date archived` in the same form"),
        Column("url", "TEXT", "where the text was published"),
        Column("language", "TEXT", "a BCP 47 tag"),
        Column("licence", "TEXT", "an SPDX expression"),
        Column("status", "TEXT", "`draft`, `in force`, `superseded`, `withdrawn`"),
        Column("versions", "INTEGER NOT NULL", "how many versions it has"),
        Column("latest", "INTEGER", "the last version that has a text", "versions.id"),
    ),
    indexes=(("title",), ("latest",)),
)
VERSIONS = Table(
    "versions",
    "Every version of every entry: one state of its file in git.",
    (
        Column("id", "INTEGER PRIMARY KEY", "counts from 1, entry by entry"),
        Column("entry", "TEXT NOT NULL", "whose version it is", "entries.id"),
        Column("number", "INTEGER NOT NULL", "counts from 1 within the entry, in valid time"),
        Column(
            "kind", "TEXT NOT NULL", f"what changed: {', '.join(f'`{kind}`' for kind in KINDS)}"
        ),
        Column(
            "since",
            "TEXT",
            "the day from which this text counts as in force, by the rule of `archivist show --at`",
        ),
        Column("announced", "TEXT", "`date announced` of this version, as in `entries`"),
        Column("archived", "TEXT", "`date archived` of this version, as in `entries`"),
        Column("committed", "TEXT", "when it was committed, in UTC: `2014-02-06T10:00:00Z`"),
        Column("rev", "TEXT NOT NULL", "the commit"),
        Column("author", "TEXT NOT NULL", "who wrote the commit"),
        Column("subject", "TEXT NOT NULL", "the first line of its message"),
        Column("path", "TEXT NOT NULL", "where the file was then"),
        Column("origin", "TEXT", "where it was before, if it moved with this version"),
        Column("alike", "INTEGER", "how much of a moved file stayed the same, in per cent"),
        Column("added", "INTEGER", "words that came; NULL if a text cannot be read"),
        Column("removed", "INTEGER", "words that went; NULL if a text cannot be read"),
        Column(
            "returns_to", "INTEGER", "the earlier version whose text it has again", "versions.id"
        ),
        Column("readable", "INTEGER NOT NULL", "0 if the text is missing, broken or too large"),
        Column("blob", "TEXT", "the file; NULL for a removal", "files.blob"),
        Column("text", "INTEGER", "the text; NULL if there is none to read", "texts.id"),
    ),
    indexes=(("entry", "number"), ("text",), ("returns_to",), ("rev",), ("blob",)),
)
TEXTS = Table(
    "texts",
    "Every text, once, however many versions and entries have it.",
    (
        Column("id", "INTEGER PRIMARY KEY", "counts from 1"),
        Column("sha256", "TEXT NOT NULL UNIQUE", "the digest of the text's bytes"),
        Column(
            "words",
            "INTEGER NOT NULL",
            "how many: what blanks part, and letters of scripts without blanks",
        ),
        Column(
            "exact",
            "INTEGER NOT NULL",
            "1 if `body` is the text to the byte; 0 if bytes that are not UTF-8, or NUL, are "
            r"written as `\x80`",
        ),
        Column("body", "TEXT NOT NULL", "the text"),
    ),
    searched="body",
)
FILES = Table(
    "files",
    "Every file that was a version, once: `front_matter` and the text's `body`, joined, are it.",
    (
        Column("blob", "TEXT PRIMARY KEY NOT NULL", "git's id of the file"),
        Column("front_matter", "TEXT", "what stands before the text; NULL if it cannot be read"),
        Column("text", "INTEGER", "the text; NULL if it cannot be read", "texts.id"),
    ),
    indexes=(("text",),),
)
FIELDS = Table(
    "fields",
    "The front matter of every version, a row for each value.",
    (
        Column("version", "INTEGER NOT NULL", "whose front matter it is", "versions.id"),
        Column("position", "INTEGER NOT NULL", "counts from 1 within the version"),
        Column("key", "TEXT NOT NULL", "the key; a list has a row for each item"),
        Column("value", "TEXT NOT NULL", "the value as it is read; blank if it is not known"),
    ),
    key=("version", "position"),
    indexes=(("key", "value"),),
)
TRAILERS = Table(
    "trailers",
    "What the commits say at the end of their messages, such as whence a text was taken.",
    (
        Column("version", "INTEGER NOT NULL", "whose commit says it", "versions.id"),
        Column("position", "INTEGER NOT NULL", "counts from 1 within the version"),
        Column("key", "TEXT NOT NULL", "such as `Archivist-Source`"),
        Column("value", "TEXT NOT NULL", "its value"),
    ),
    key=("version", "position"),
    indexes=(("key", "value"),),
)
PARENTS = Table(
    "parents",
    "Whom the entries that are present credit: a row for each entry that a credit means.",
    (
        Column("id", "INTEGER PRIMARY KEY", "counts from 1"),
        Column("entry", "TEXT NOT NULL", "who credits", "entries.id"),
        Column("credit", "TEXT NOT NULL", "the name as it is written"),
        Column(
            "parent",
            "TEXT",
            "the entry that is meant; several rows where a name means several editions, NULL where "
            "it means none",
            "entries.id",
        ),
        Column(
            "kind", "TEXT NOT NULL", "`entry`, `url` (outside of the archive), `vague`, `unknown`"
        ),
    ),
    indexes=(("entry",), ("parent",)),
)
LINKS = Table(
    "links",
    "Where the front matter of the entries that are present points to.",
    (
        Column("id", "INTEGER PRIMARY KEY", "counts from 1"),
        Column("entry", "TEXT NOT NULL", "who points there", "entries.id"),
        Column(
            "field",
            "TEXT NOT NULL",
            "`url`, `wayback snapshot`, `forkable file` or `credited parents`",
        ),
        Column("url", "TEXT NOT NULL", "as it is written"),
    ),
    indexes=(("entry",), ("url",)),
)
TABLES = (ABOUT, ENTRIES, VERSIONS, TEXTS, FILES, FIELDS, TRAILERS, PARENTS, LINKS)


def as_markdown() -> str:
    """The tables for people, as a page has them."""
    parts = []
    for table in TABLES:
        parts.append(
            f"### {table.name}\n\n{table.meaning}\n\n| column | type | means |\n|---|---|---|"
        )
        for one in table.columns:
            refers = f" → `{one.refers}`" if one.refers else ""
            parts.append(f"| `{one.name}` | {one.type.split()[0]} | {one.meaning}{refers} |")
        if table.searched:
            parts.append(
                f"\n`{table.name}_fts` is the full-text index (FTS5) of `{table.searched}`."
            )
        parts.append("")
    return "\n".join(parts).rstrip("\n")
