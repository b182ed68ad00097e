"""Rules N6xx: ids, titles, aliases, and texts that stand in the archive twice."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from archivist.archive import Archive
from archivist.diagnostic import Finding, Severity
from archivist.entry import SUFFIX, Entry
from archivist.names import agrees, fold, id_for, slug
from archivist.rules.dating import KEYS, date_of
from archivist.rules.rule import Context, rule

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_MAX_ID = 100


@rule("N601", "id-form")
def id_form(entry: Entry, context: Context) -> Iterator[Finding]:
    """An id must be lower-case words of a–z and 0–9, joined by hyphens.

    The id is the file's name without `.md`. It stands in links, on command lines and in file
    systems that do not tell `A` from `a`.

    Bad:
        # entries/Lantern_Conf.md
        conference: Lantern Conf

    Good:
        # entries/lantern-conf.md
        conference: Lantern Conf
    """
    if not _ID.fullmatch(entry.id) or len(entry.id) > _MAX_ID:
        better = id_for(entry.title) or slug(entry.id)[:_MAX_ID].strip("-")
        hint = f"rename the file to {better}{SUFFIX}" if better else None
        message = f"the id must be lower-case words joined by hyphens; “{entry.id}” is not"
        yield Finding(0, 0, message, hint)


@rule("N602", "id-and-title", Severity.WARNING)
def id_and_title(entry: Entry, context: Context) -> Iterator[Finding]:
    """The id must agree with the title: share its words, and its year where it has one.

    At least half of the title's words, without years and what stands in parentheses, must be
    found in the id; its initials will do. Else the file was probably copied and the name
    forgotten.

    Bad:
        # entries/quay-conf-2018.md
        conference: Lantern Conf 2019

    Good:
        # entries/lantern-conf-2019.md
        conference: Lantern Conf 2019
    """
    if entry.title.isprintable() and entry.title and not agrees(entry.id, entry.title):
        field = next(
            entry.fields[key] for key in ("conference", "organization") if entry.value(key)
        )
        better = id_for(entry.title)
        hint = f"the title suggests {better}{SUFFIX}" if better else None
        message = f"the id `{entry.id}` must agree with the title"
        yield Finding(*field.span, message, hint)


@rule("N603", "duplicate-id", crosses=True)
def duplicate_id(entry: Entry, context: Context) -> Iterator[Finding]:
    """An id must be unique, in all folders together.

    Subfolders only sort files; the id alone names an entry.

    Bad:
        # entries/2019/lantern-conf.md
        conference: Lantern Conf
        # entries/2020/lantern-conf.md
        conference: Lantern Conf

    Good:
        # entries/2019/lantern-conf-2019.md
        conference: Lantern Conf 2019
        # entries/2020/lantern-conf-2020.md
        conference: Lantern Conf 2020
    """
    others = context.archive.find("id", fold(entry.id))
    if len(others) > 1 and others[0].path != entry.path:
        message = f"the id must be unique; {others[0].path} has it too"
        yield Finding(0, 0, message, "rename one of the two files")


@rule("N604", "alias-clash", crosses=True, needs="also known as")
def alias_clash(entry: Entry, context: Context) -> Iterator[Finding]:
    """A name of `also known as` must not be another entry's title, alias or id.

    A credit by that name could mean either.

    Bad:
        # entries/lantern-conf.md
        conference: Lantern Conf
        also known as: Quay Conf
        # entries/quay-conf.md
        conference: Quay Conf

    Good:
        # entries/lantern-conf.md
        conference: Lantern Conf
        also known as: LC
        # entries/quay-conf.md
        conference: Quay Conf
    """
    own_title = fold(entry.title)
    for alias in entry.values("also known as"):
        for kind in ("title", "alias", "id"):
            others = (  # only the first is looked for: thousands may share a name
                other
                for other in context.archive.find(kind, fold(alias.text))
                if other.path != entry.path and fold(other.title) != own_title
            )
            if other := next(others, None):
                message = f"“{alias.text}” must mean one policy; `{other.id}` has this name too"
                yield Finding(alias.start, alias.end, message)
                break


@rule("N605", "same-text", crosses=True)
def same_text(entry: Entry, context: Context) -> Iterator[Finding]:
    """Two entries must not hold the same text, unless one credits the other.

    A text adopted whole credits the one it was taken from. Otherwise one of the two is a copy
    that was never meant to stay. White space makes no difference. Reported on all but the first:
    the one that was announced, first seen or archived earliest; of one day, the one whose id
    agrees with its title.

    Bad:
        # entries/lantern-conf.md
        conference: Lantern Conf

        Be kind to each other, always.
        # entries/quay-conf.md
        conference: Quay Conf

        Be kind to each other, always.

    Good:
        # entries/lantern-conf.md
        conference: Lantern Conf

        Be kind to each other, always.
        # entries/quay-conf.md
        conference: Quay Conf
        credited parents: Lantern Conf

        Be kind to each other, always.
    """
    first = _first_with_text(entry, context)
    if first is None:
        return
    message = f"the text must not be the same as that of `{first.id}`, unless one credits the other"
    hint = f"if it was adopted whole, write `credited parents: {first.id}`"
    yield Finding(*_first_line(entry), message, hint)


def _first_with_text(entry: Entry, context: Context) -> Entry | None:
    """The entry that has had the text of this one longer, and is not credited with it."""
    same = context.archive.find("text", entry.digest) if entry.digest else ()
    if len(same) < 2:
        return None
    firsts = context.once("text", entry.digest, lambda: _firsts(same))
    first = firsts[fold(entry.title)]
    if first.path != entry.path:
        return first
    first = firsts[""]
    if first.path == entry.path or _adopted(entry, first, context.archive):
        return None
    return first


def _first_line(entry: Entry) -> tuple[int, int]:
    """Where the text begins, and where its first line ends."""
    start = entry.text_start
    end = entry.text.find("\n", start)
    return start, len(entry.text) if end < 0 else end


def _firsts(same: Sequence[Entry]) -> dict[str, Entry]:
    """Of entries of one text, the first of each title; below a blank title the first of all."""
    ranked = sorted(same, key=_rank)
    return {"": ranked[0]} | {fold(entry.title): entry for entry in reversed(ranked)}


def _adopted(entry: Entry, first: Entry, archive: Archive) -> bool:
    """True if the entry credits one that has its text, or the first credits this one."""
    credited = (found for parent in archive.parents(entry) for found in parent.entries)
    if any(found.digest == entry.digest and found.path != entry.path for found in credited):
        return True
    return archive.seems_to_credit(entry, first) or archive.seems_to_credit(first, entry)


def _rank(entry: Entry) -> tuple[int, bool, str]:
    """The earliest day on which an entry is known; those without one come last."""
    days = [day.first for key in KEYS if (day := date_of(entry, key)) and day.is_day]
    first = min(days, default=date.max).toordinal()
    return first, not agrees(entry.id, entry.title), entry.path
