"""Rules K2xx: keys and values, by the schema of the layout."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from archivist.diagnostic import Applicability, Edit, Finding, Fix, Severity
from archivist.entry import TITLE_KEYS, Entry
from archivist.frontmatter import Field
from archivist.names import nearest
from archivist.rules.rule import Context, rule
from archivist.schema import SchemaProblem

_FENCE = (0, 3)
_ALIKE = 0.8  # how like a key a misspelt one is
_AS_TITLE = {"conference": "Lantern Conf 2019", "organization": "Lantern Society"}


def _problems(entry: Entry, context: Context) -> tuple[SchemaProblem, ...]:
    def find() -> tuple[SchemaProblem, ...]:
        schema = context.schemas.get(entry.layout)
        return tuple(schema.problems(entry)) if schema else ()

    return context.last("schema", entry, find)


@rule("K201", "layout")
def layout(entry: Entry, context: Context) -> Iterator[Finding]:
    """`layout` must name a schema of the archive.

    `coc` is for codes of conduct, `policy` for any other policy, `source` for a stub: a policy
    that others credit but whose text is not archived. A file `schema/NAME.schema.json` adds a
    layout.

    Bad:
        layout: cocc

    Good:
        layout: coc
    """
    if context.schemas.get(entry.layout) is not None:
        return
    field = entry.fields.get("layout")
    listed = ", ".join(f"`{name}`" for name in context.schemas.layouts)
    if field is not None and field.is_list:
        yield Finding(*field.span, f"`layout` must be one of {listed}, not a list")
        return
    if not entry.layout:
        misspelt = None if field else _like(entry, "layout")
        if misspelt:
            field, fix = misspelt, _rename(entry, misspelt, "layout")
            start, end = field.key_start, field.colon
            yield Finding(start, end, "this key must be written `layout`", fix=fix)
            return
        start, end = field.span if field else _FENCE
        hint = f"{'write' if field else 'add the line'} `layout: {context.schemas.layouts[0]}`"
        yield Finding(start, end, f"`layout` must be given: one of {listed}", hint)
        return
    near = nearest(entry.layout, context.schemas.layouts, 0.6)
    start, end = entry.fields["layout"].span
    fix = Fix(f"write `{near}`", (Edit(start, end, near),), Applicability.UNSAFE) if near else None
    yield Finding(start, end, f"`layout` must be one of {listed}", _did_you_mean(near), fix)


@rule("K202", "unknown-key")
def unknown_key(entry: Entry, context: Context) -> Iterator[Finding]:
    """A key must be one of those that the layout knows.

    A misspelt key is a value that nobody finds. Keys are lower-case words with blanks;
    `docs/entries.md` lists them, and the archive's own `schema/` may add some.

    Bad:
        credited parent: none

    Good:
        credited parents: none
    """
    problems = [one for one in _problems(entry, context) if one.kind == "unknown"]
    nears = [problem.near for problem in problems]
    for problem in problems:
        field = entry.fields.get(problem.key)
        if field is None:
            continue  # its name is not UTF-8: F111 says it
        yield Finding(
            field.key_start,
            field.colon,
            problem.message,
            _did_you_mean(problem.near) or _known_keys(context, entry),
            _rename(entry, field, problem.near) if nears.count(problem.near) == 1 else None,
        )


def _rename(entry: Entry, field: Field, near: str | None) -> Fix | None:
    """The fix of a misspelt key; none if the right key stands there too."""
    if near is None or near in entry.fields:
        return None
    only_form = _letters(field.key) == _letters(near)
    blank = not any(value.text for value in field.values)
    applicability = Applicability.SAFE if only_form or blank else Applicability.UNSAFE
    return Fix(f"write `{near}`", (Edit(field.key_start, field.colon, near),), applicability)


def _like(entry: Entry, key: str) -> Field | None:
    """The field whose key is a misspelling of this one."""
    return next((one for one in entry.front.fields if nearest(one.key, [key], _ALIKE)), None)


def _known_keys(context: Context, entry: Entry) -> str | None:
    schema = context.schemas.get(entry.layout)
    return f"known are {', '.join(f'`{key}`' for key in schema.keys)}" if schema else None


def _letters(key: str) -> str:
    return "".join(char for char in key.casefold() if char.isalnum())


@rule("K203", "missing-key")
def missing_key(entry: Entry, context: Context) -> Iterator[Finding]:
    """The keys that the layout requires must be there, with a value.

    `layout` and, but for stubs, `date archived` are required. Of all other keys a blank value
    means "not known".

    Bad:
        date archived:

    Good:
        date archived: Feb 04, 2014
    """
    for problem in _problems(entry, context):
        if problem.kind != "missing":
            continue
        field = entry.fields.get(problem.key)
        start, end = field.span if field else _FENCE
        yield Finding(start, end, problem.message, _example(context, entry, problem.key))


def _example(context: Context, entry: Entry, key: str) -> str | None:
    schema = context.schemas.get(entry.layout)
    examples = schema.examples(key) if schema else []
    if not examples:
        return None
    example = f"{key}: {examples[0]}"
    return f"write `{example}`" if key in entry.fields else f"add a line such as `{example}`"


@rule("K204", "bad-value")
def bad_value(entry: Entry, context: Context) -> Iterator[Finding]:
    """A value must be as the layout's schema wants it.

    Some keys have a fixed set of values (`status`), some a form (`language`), and most take one
    text and not a list.

    Bad:
        status: inforce

    Good:
        status: in force
    """
    for problem in _problems(entry, context):
        if problem.kind != "value":
            continue
        field = entry.fields.get(problem.key)
        if problem.key == "layout":
            continue  # K201 says it
        start, end = field.span if field else _FENCE
        near = problem.near
        edit = Edit(start, end, near or "")
        fix = Fix(f"write `{near}`", (edit,), Applicability.UNSAFE) if near else None
        yield Finding(start, end, problem.message, _did_you_mean(near), fix)


@rule("K205", "one-title")
def one_title(entry: Entry, context: Context) -> Iterator[Finding]:
    """Exactly one of `conference` and `organization` must be given, and not blank.

    It is the entry's title: the name by which others credit it.

    Bad:
        conference:
        organization:

    Good:
        conference: Lantern Conf 2019
    """
    named = [key for key in TITLE_KEYS if entry.value(key).strip()]
    schema = context.schemas.get(entry.layout)
    if len(named) == 1 or schema is None or not set(TITLE_KEYS) <= set(schema.keys):
        return
    present = [entry.fields[key] for key in TITLE_KEYS if key in entry.fields]
    if not named and present:
        key = present[0].key
        message = f"`{key}` must not be blank: it is the entry's title"
        yield Finding(*present[0].span, message, f"as in `{key}: {_AS_TITLE[key]}`")
    elif not named:
        message = "one of `conference` and `organization` must be given: it is the entry's title"
        misspelt = next(filter(None, (_like(entry, key) for key in TITLE_KEYS)), None)
        place = (misspelt.key_start, misspelt.colon) if misspelt else _FENCE
        example = f"add a line such as `conference: {_AS_TITLE['conference']}`"
        yield Finding(*place, message, "this is not its key" if misspelt else example)
    elif len(named) > 1:
        second = max((entry.fields[key] for key in named), key=lambda field: field.start)
        message = "only one of `conference` and `organization` may be given"
        yield Finding(second.key_start, second.colon, message)


@rule("K206", "key-order", Severity.WARNING)
def key_order(entry: Entry, context: Context) -> Iterator[Finding]:
    """Keys must stand in the order that the schema lists them.

    In one order, two entries can be compared line by line. Comment lines move with the key below
    them.

    Bad:
        date archived: Feb 04, 2014
        conference: Lantern Conf 2019

    Good:
        conference: Lantern Conf 2019
        date archived: Feb 04, 2014
    """
    schema = context.schemas.get(entry.layout)
    if schema is None:
        return
    keys = entry.keys
    late, before = context.once(
        "order", "\n".join([entry.layout, *keys]), lambda: _first_late(keys, schema.keys)
    )
    if late is not None:
        field = entry.front.fields[late]
        message = f"`{field.key}` must stand before `{before}`"
        fix = (
            None
            if _has_odd_lines(entry)
            else Fix("put the keys in order", (_in_order(entry, schema.keys),))
        )
        yield Finding(field.key_start, field.colon, message, fix=fix)


def _has_odd_lines(entry: Entry) -> bool:
    """True if there are lines that would be torn from the field that they belong to."""
    odd = ("not-a-field", "unclosed-front-matter")
    return any(flaw.kind in odd for flaw in entry.flaws)


def _first_late(keys: list[str], order: tuple[str, ...]) -> tuple[int | None, str]:
    """The first key that stands too late, as its number, and the key it belongs before.

    Keys that the schema does not know are no matter of order: then there is none.
    """
    if not set(keys) <= set(order):
        return None, ""
    ranks = [order.index(key) for key in keys]
    steps = enumerate(pairwise(ranks), 1)
    late = next((number for number, (one, other) in steps if one > other), None)
    if late is None:
        return None, ""
    return late, next(key for key, rank in zip(keys, ranks, strict=True) if rank > ranks[late])


def _in_order(entry: Entry, order: tuple[str, ...]) -> Edit:
    """One edit that sorts the fields' lines, each with the comment lines above it."""
    fields = entry.front.fields
    starts = [entry.front.start, *(field.end for field in fields[:-1])]
    pieces = [
        (order.index(field.key), entry.text[start : field.end])
        for start, field in zip(starts, fields, strict=True)
    ]
    pieces.sort(key=lambda piece: piece[0])
    return Edit(starts[0], fields[-1].end, "".join(piece for _, piece in pieces))


def _did_you_mean(near: str | None) -> str | None:
    return f"did you mean `{near}`?" if near else None
