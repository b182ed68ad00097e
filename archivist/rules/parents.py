"""Rules P5xx: credited parents."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from archivist import dates
from archivist.archive import Archive, Parent
from archivist.credit import KEY, NONE, is_sentence
from archivist.diagnostic import Finding, Severity
from archivist.entry import Entry
from archivist.names import fold
from archivist.rules.dating import SEEN, date_of
from archivist.rules.rule import Context, rule

_SENTENCE_WORDS = 60
_PHRASE_WORDS = 6
_UNKNOWN = frozenset(("unknown", "n/a", "na", "-", "?", "tbd"))


@rule("P501", "unknown-parent", crosses=True, needs=KEY)
def unknown_parent(entry: Entry, context: Context) -> Iterator[Finding]:
    """A credited parent must be the name of an entry or of a source stub.

    A name is an entry's id, its title, its title without the year, a name of `also known as`, or
    its URL. Names are separated by commas, semicolons, `&` or `and`; a name that holds one of
    these stands as an item of a list. A policy that is not archived gets a stub, so that a
    misspelt name can be told from a new one:

        archivist new --layout source "Harbour Guild" --url https://harbour.example/conduct

    A URL that no entry has is a parent outside of the archive, and needs no stub.

    Bad:
        credited parents: Harbour Gild

    Good:
        credited parents: Harbour Guild
        # entries/sources/harbour-guild.md
        layout: source
        organization: Harbour Guild
        url: https://harbour.example/conduct
    """
    unknown = [
        parent
        for parent in context.archive.parents(entry)
        if not parent.entries and not parent.is_external
    ]
    if any(is_sentence(parent.credit.name) for parent in unknown):
        yield _sentence(entry, context)
        return
    for parent in unknown:
        credit = parent.credit
        message = f"no entry and no source is named “{credit.name}”"
        yield Finding(credit.start, credit.end, message, _stub_hint(credit.name, context))


def _sentence(entry: Entry, context: Context) -> Finding:
    field = entry.fields[KEY]
    mentioned = next(_mentioned(" ".join(one.text for one in field.values), context.archive), None)
    hint = f"did you mean `{mentioned}`?" if mentioned else "write `none` if it credits nobody"
    return Finding(*field.span, f"`{KEY}` must be names, not a sentence", hint)


def _mentioned(sentence: str, archive: Archive) -> Iterator[str]:
    """The titles that a sentence mentions, longest phrases first."""
    words = list(islice(re.finditer(r"[\w!]+", sentence), _SENTENCE_WORDS))
    for length in range(_PHRASE_WORDS, 0, -1):
        for first, last in zip(words, words[length - 1 :], strict=False):
            phrase = sentence[first.start() : last.end()]
            found, _ = archive.resolve(phrase) if len(phrase) > 3 else ((), "")
            yield from (one.title or one.id for one in found)


def _stub_hint(name: str, context: Context) -> str:
    import shlex  # only a mistake needs it

    if fold(name) in _UNKNOWN:
        return "leave the value blank if the parents are not known"
    if fold(name) == NONE:
        return "`none` stands alone: it says that there are no parents"
    near = context.archive.nearest(name, 0.75)
    quoted = f'"{name}"' if name.replace(" ", "").isalnum() else shlex.quote(name)
    command = f"archivist new --layout source {quoted} --url URL"
    return f"did you mean `{near}`? Else: {command}" if near else f"add a stub: {command}"


@rule("P502", "own-parent", crosses=True, needs=KEY)
def own_parent(entry: Entry, context: Context) -> Iterator[Finding]:
    """An entry must not credit itself.

    A title means all editions that share it. An edition that derives from another one of the same
    title names it by its id.

    Bad:
        # entries/lantern-conf-2019.md
        conference: Lantern Conf 2019
        credited parents: Lantern Conf 2019

    Good:
        # entries/lantern-conf-2019.md
        conference: Lantern Conf 2019
        credited parents: lantern-conf-2018
        # entries/lantern-conf-2018.md
        conference: Lantern Conf 2018
    """
    for parent in context.archive.parents(entry):
        others = [found for found in parent.entries if found.path != entry.path]
        if len(others) == len(parent.entries) or (others and not parent.strict):
            continue
        hint = f"name the edition by its id, such as `{others[0].id}`" if others else None
        credit = parent.credit
        yield Finding(credit.start, credit.end, "an entry must not be its own parent", hint)


@rule("P503", "cycle-of-parents", crosses=True, needs=KEY)
def cycle_of_parents(entry: Entry, context: Context) -> Iterator[Finding]:
    """Parents must not form a cycle.

    Of two policies that credit each other, one credit is wrong: the older text cannot derive from
    the younger.

    Bad:
        # entries/lantern-conf.md
        conference: Lantern Conf
        credited parents: Quay Conf
        # entries/quay-conf.md
        conference: Quay Conf
        credited parents: Lantern Conf

    Good:
        # entries/lantern-conf.md
        conference: Lantern Conf
        credited parents: Quay Conf
        # entries/quay-conf.md
        conference: Quay Conf
        credited parents: none
    """
    way = context.cycles.through(entry)
    if not way:
        return
    path = " → ".join(f"`{one.id}`" for one in way)
    path += "" if way[-1].path == entry.path else " → …"
    parent = next(one for one in context.archive.parents(entry) if way[1] in one.entries)
    message = f"parents must not form a cycle: {path}"
    yield Finding(parent.credit.start, parent.credit.end, message)


@rule("P504", "parent-too-young", crosses=True, needs=KEY)
def parent_too_young(entry: Entry, context: Context) -> Iterator[Finding]:
    """A parent must not be announced after its child.

    Checked where both dates are known to the day. A parent may have been revised after its child:
    `first seen`, if that is earlier than `date announced`, says since when it is known. If the
    parent has several editions, one of them must be old enough.

    Bad:
        # entries/lantern-conf.md
        conference: Lantern Conf
        date announced: Jan 10, 2014
        credited parents: Quay Conf
        # entries/quay-conf.md
        conference: Quay Conf
        date announced: Jan 20, 2014

    Good:
        # entries/lantern-conf.md
        conference: Lantern Conf
        date announced: Jan 20, 2014
        credited parents: Quay Conf
        # entries/quay-conf.md
        conference: Quay Conf
        date announced: Jan 30, 2014
        first seen: Jan 10, 2014
    """
    parents = context.archive.parents(entry)
    announced = date_of(entry, "date announced") if parents else None
    if announced is None or not announced.is_day:
        return
    for parent in parents:
        known = list(_announced(parent, entry))
        later = [(one, day) for one, day in known if day and day.first > announced.first]
        if known and len(later) == len(known):
            yield _too_young(parent, *min(later, key=lambda pair: pair[1].first), context)


def _too_young(parent: Parent, first: Entry, day: dates.PolicyDate, context: Context) -> Finding:
    message = f"a parent must not be announced after its child; `{first.id}` was on {day.styled()}"
    hint = _earlier_hint(first, context)
    return Finding(parent.credit.start, parent.credit.end, message, hint)


def _earlier_hint(parent: Entry, context: Context) -> str | None:
    """What to do if the parent is older than it says; stubs have one date only."""
    schema = context.schemas.get(parent.layout)
    if schema is None or SEEN not in schema.keys:
        return None
    return f"if an earlier version of `{parent.id}` was its parent, write there `{SEEN}: DATE`"


def _announced(parent: Parent, child: Entry) -> Iterator[tuple[Entry, dates.PolicyDate | None]]:
    """Since when the parent's editions are known: when they were announced or, if that is earlier,
    first seen; None where that is not known to the day.
    """
    for found in parent.entries:
        if found.path == child.path:
            continue
        day, seen = date_of(found, "date announced"), date_of(found, SEEN)
        if day is None or not day.is_day:
            yield found, None
        else:
            yield found, seen if seen and seen.is_day and seen.first < day.first else day


@rule("P505", "vague-credit", Severity.WARNING, crosses=True, needs=KEY)
def vague_credit(entry: Entry, context: Context) -> Iterator[Finding]:
    """Credits should name their parents, not `many` or `others`.

    `many`, `others`, `several` and `various` say that there are more parents, but nobody can
    follow them. A blank value says as much: not known.

    Bad:
        credited parents: many

    Good:
        credited parents:
    """
    for credit in context.archive.credits(entry):
        if credit.is_vague:
            message = f"“{credit.name}” is too vague to follow: name the parents, or leave it out"
            yield Finding(credit.start, credit.end, message)
