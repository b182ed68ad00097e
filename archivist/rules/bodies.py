"""Rules B7xx: bodies. They are the archived record: what would change one is never a safe fix.

Each pattern begins with a literal, and a plain `in` decides whether it runs at all: over
thousands of entries these patterns decide how long a check takes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import chain

from archivist.diagnostic import Applicability, Edit, Finding, Fix, Severity
from archivist.entry import Entry
from archivist.fieldlines import CONFLICT
from archivist.rules.rule import Context, rule

_SOURCE = "source"
_compiled = cache(re.compile)  # most patterns are never needed
_BROKEN = re.compile(r"\n(?:[^\W\d_A-Z]|\()")
_BLANK_END = re.compile(r"\n(?<=[ \t]\n)")
_HEADING = r"\n#{1,6} +\S"
_UNDERLINE = r"\n(?:={3,}|-{3,})[ \t]*(?=\n|\Z)"
_LINK = r"\[[^\[\]\n]{0,500}\]\([^()\s]{1,500}\)"
_STARS = r"\*\*(?=\S)[^*\n]{1,500}\*\*"
_SCORES = r"__(?=\S)[^_\n]{1,500}__"
_BACKQUOTES = r"\n```\S*"
_TILDES = r"\n~~~\S*"
# What must be in the text for a pattern to be tried at all (one character is found many times
# faster than two), and what it finds.
_MARKS = (
    ("#", "\n#", _HEADING, "a heading mark"),
    ("[", "](", _LINK, "a link"),
    ("*", "**", _STARS, "bold type"),
    ("_", "__", _SCORES, "bold type"),
    ("`", "\n```", _BACKQUOTES, "a code fence"),
    ("~", "\n~~~", _TILDES, "a code fence"),
)
_TAG = (
    r"(?i)</?(?:a|abbr|article|b|blockquote|body|br|button|center|code|dd|div|dl|dt|em|footer|form|"
    r"font|h[1-6]|head|header|hr|html|i|iframe|img|input|li|link|main|meta|nav|ol|p|pre|s|script|"
    r"section|small|span|strong|style|sub|sup|svg|table|tbody|td|th|thead|title|tr|u|ul|video)"
    r"(?:\s[^<>]{0,1000})?/?>|<!--|<!doctype\b[^<>]{0,200}>?"
)
_REFERENCE = r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,30});"
_PLAIN = "paste the text as the page shows it"
_CONFLICT_MARKS = "\n<<<<<<< ", "\n>>>>>>> "  # as git writes them
_LABEL = re.compile(r"\n\w{1,3}[.)]\s")  # `a) …`: an item, not the rest of a sentence
_SHORT_LINE = 40  # a shorter line is an address, a name, a line of a list: its end is meant


@rule("B701", "empty-body")
def empty_body(entry: Entry, context: Context) -> Iterator[Finding]:
    """An entry must hold the policy's text below its front matter.

    A policy that is credited but not archived is a stub: `layout: source`, in `entries/sources/`.

    Bad:
        ---
        layout: coc
        conference: Lantern Conf
        date archived: Feb 04, 2014
        ---

    Good:
        ---
        layout: coc
        conference: Lantern Conf
        date archived: Feb 04, 2014
        ---

        Be kind.
    """
    if entry.layout != _SOURCE and not entry.digest:
        end = entry.front.end
        yield Finding(end, end + 3, "the policy's text must stand below the front matter")


@rule("B702", "source-with-body")
def source_with_body(entry: Entry, context: Context) -> Iterator[Finding]:
    """A source stub must be front matter only.

    Once the text is there it is an entry: give it the layout `coc` or `policy`, and its
    `date archived`.

    Bad:
        layout: source

        Be kind.

    Good:
        layout: coc

        Be kind.
    """
    if entry.layout == _SOURCE and entry.digest:
        message = "a source stub must have no text; with it, it is an entry of layout `coc`"
        yield Finding(*_line(entry, entry.text_start), message)


@rule("B703", "markup", Severity.WARNING)
def markup(entry: Entry, context: Context) -> Iterator[Finding]:
    """A body must be plain text, without Markdown.

    No `#` headings and no underlined ones, no `[links](…)`, no `**bold**`, no code fences: two
    policies are compared word by word, and markup would be a difference. Lists are plain text:
    `   * item`.

    Bad:
        ## Our promise

    Good:
        Our promise
    """
    text, start = entry.text, max(0, entry.body_start - 1)
    if "=" in text or text.find("\n---", entry.body_start) >= 0:
        yield from _underlines(entry)
    for char, sign, pattern, what in _MARKS:
        if char in text and text.find(sign, start) >= 0:
            for match in _compiled(pattern).finditer(text, start):
                begin = match.start() + match[0].startswith("\n")
                message = f"a body must be plain text; this is {what}"
                yield Finding(begin, match.end(), message, _PLAIN)


def _underlines(entry: Entry) -> Iterator[Finding]:
    """Headings underlined by `===` or `---`; a rule between blank lines is plain text."""
    start = entry.body_start
    if entry.text.find("===", start) >= 0 and _conflicts(entry):
        return
    for match in _compiled(_UNDERLINE).finditer(entry.text, start):
        above = entry.text[entry.text.rfind("\n", 0, match.start()) + 1 : match.start()]
        if above.strip() and match.start() > start:
            message = "a body must be plain text; this underlines a heading"
            fix = Fix(
                "remove the underline",
                (Edit(match.start(), match.end(), ""),),
                Applicability.UNSAFE,
            )
            yield Finding(match.start() + 1, match.end(), message, fix=fix)


@rule("B704", "html", Severity.WARNING)
def html(entry: Entry, context: Context) -> Iterator[Finding]:
    """A body must be plain text, without HTML.

    Neither tags nor character references such as `&amp;`: write the characters themselves.

    Bad:
        Be kind.<br>Be patient.

    Good:
        Be kind.
        Be patient.
    """
    start = entry.body_start
    if entry.text.find("<", start) >= 0:
        for match in _compiled(_TAG).finditer(entry.text, start):
            message = "a body must be plain text; this is an HTML tag"
            yield Finding(*match.span(), message, _PLAIN)
    if entry.text.find("&", start) >= 0:
        for match in _compiled(_REFERENCE).finditer(entry.text, start):
            message = "a body must be plain text; this is an HTML character reference"
            yield Finding(*match.span(), message)


@rule("B705", "broken-line", Severity.WARNING)
def broken_line(entry: Entry, context: Context) -> Iterator[Finding]:
    """A paragraph must stand on one line.

    A line that was broken inside a sentence makes a change of one word a change of many lines. A
    line counts as broken if it has more than 40 characters, does not end a sentence, and the next
    line begins with a small letter or a parenthesis.

    Bad:
        We want every guest of the festival to feel safe and
        welcome, from first to last.

    Good:
        We want every guest of the festival to feel safe and welcome, from first to last.
    """
    text, body = entry.text, entry.body_start
    for match in _BROKEN.finditer(text, body):
        place = match.start()
        line = text[max(text.rfind("\n", body, place) + 1, body) : place].rstrip()
        goes_on = match[0][-1].islower() or match[0][-1] == "("
        if _LABEL.match(text, place):
            continue
        if goes_on and len(line) > _SHORT_LINE and line[-1] not in ".!?:;":
            edit = Edit(place - _blanks_before(text, place), place + 1, " ")
            fix = Fix("join the two lines", (edit,), Applicability.UNSAFE)
            begin, end = _line(entry, place + 1)
            message = "a paragraph must stand on one line; this line goes on with the one above"
            yield Finding(begin, end, message, fix=fix)


def _blanks_before(text: str, place: int) -> int:
    count = 0
    while text[place - count - 1] in " \t\r":
        count += 1
    return count


@rule("B706", "trailing-blanks", Severity.WARNING)
def trailing_blanks(entry: Entry, context: Context) -> Iterator[Finding]:
    r"""A line of the body must not end in blanks.

    They cannot be seen, and make two lines differ that say the same.

    Bad:
        Be kind.\x20\x20

    Good:
        Be kind.
    """
    text, start = entry.text, entry.body_start
    ends = (match.start() for match in _BLANK_END.finditer(text, start))
    for end in chain(ends, [len(text)] if text.endswith((" ", "\t"), start) else ()):
        begin = end - _blanks_before(text, end)
        fix = Fix("remove the blanks", (Edit(begin, end, ""),), Applicability.UNSAFE)
        yield Finding(begin, end, "a line must not end in blanks", fix=fix)


def _line(entry: Entry, start: int) -> tuple[int, int]:
    end = entry.text.find("\n", start)
    return start, len(entry.text) if end < 0 else end


@rule("B707", "conflict-mark")
def conflict_mark(entry: Entry, context: Context) -> Iterator[Finding]:
    """A text must not hold the marks of a merge conflict.

    `git commit --all` takes a file as it is, also in the middle of a merge. Both sides are then in
    the archive, and neither is what the policy said. In front matter such a line is no field
    (F103).

    Bad:
        <<<<<<< HEAD
        Be kind.
        =======
        Be patient.
        >>>>>>> topic

    Good:
        Be kind.
    """
    for place in _conflicts(entry)[:1]:
        end = entry.text.find("\n", place)
        yield Finding(place, len(entry.text) if end < 0 else end, *CONFLICT)


def _conflicts(entry: Entry) -> list[int]:
    """Where marks of a merge conflict stand."""
    if "<" not in entry.text and ">" not in entry.text:
        return []
    start = max(0, entry.body_start - 1)
    found = (entry.text.find(mark, start) for mark in _CONFLICT_MARKS)
    return [place + 1 for place in found if place >= 0]
