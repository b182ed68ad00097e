"""The mistakes that contributors make, made on purpose."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

Mistake = Callable[[str], str]

_FENCE = "\n\n---\n"
_LONG = re.compile(r"^(.{60,72}) (?=[a-z])", re.MULTILINE)


def spoilt(random: Random, text: str) -> str:
    """The text with one to four mistakes, or, in three cases of ten, as it was."""
    if random.random() < 0.3:
        return text
    for mistake in random.sample(MISTAKES, random.randint(1, 4)):
        text = mistake(text)
    return text


def _swap(pattern: str, replacement: str) -> Mistake:
    """The mistake that puts something in the place of the first match."""
    compiled = re.compile(pattern, re.MULTILINE)
    return lambda text: compiled.sub(replacement, text, count=1)


def _field(line: str) -> Mistake:
    """The mistake that adds a line at the end of the front matter."""
    return lambda text: text.replace(_FENCE, f"\n{line}{_FENCE}", 1)


def _in_body(line: str) -> Mistake:
    """The mistake that adds a line below the front matter."""
    return lambda text: text.replace(_FENCE, f"{_FENCE}\n{line}\n", 1)


def _without_last_newline(text: str) -> str:
    return text.rstrip("\n")


def _with_carriage_returns(text: str) -> str:
    return text.replace("\n", "\r\n")


def _unclosed(text: str) -> str:
    return text.replace(_FENCE, "\n\n", 1)


def _with_mark(text: str) -> str:
    return "\ufeff" + text


def _wrapped(text: str) -> str:
    """Three long lines of the body broken at about 72 characters, as mail programs do."""
    head, fence, body = text.partition(_FENCE)
    return head + fence + _LONG.sub(r"\1\n", body, count=3)


MISTAKES: tuple[Mistake, ...] = (
    # dates
    _swap(r"^(date archived: \w+) 0?(\d+), (\d+)$", r"\1 \2 \3"),
    _swap(r"^date archived: .*$", "date archived: 2014-02-04"),
    _swap(r"^date archived: .*$", "date archived: 04/02/2014"),
    _swap(r"^date archived: .*$", "date archived: Feb 30, 2014"),
    _swap(r"^date archived: .*$", "date archived:"),
    _swap(r"^date announced: .*$", "date announced: July 08, 2024"),
    _swap(r"^(date announced: .+)$", r"\1 (DRAFT ONLY)"),
    # keys
    _swap(r"^credited parents:", "credited parent:"),
    _swap(r"^date archived:", "Date Archived:"),
    _swap(r"^organization:", "organisation:"),
    _swap(r"^layout: .*$", "layout: cocc"),
    _swap(r"^layout: .*\n", ""),
    _field("layout: coc"),
    _field("status: inforce"),
    _field("contact: somebody"),
    # form
    _swap(r"^url: ", "url:  "),
    _swap(r"^url: (.*)$", r"url: \1  "),
    _swap(r"^url: ", "url:\t"),
    _swap(r"^(conference|organization): (.*)$", r"\1: \2 #1"),
    _swap(r"^(conference|organization): ", r"\1: !!"),
    _without_last_newline,
    _with_carriage_returns,
    _with_mark,
    _unclosed,
    # URLs
    _swap(r"^url: https?://", "url: "),
    _swap(r"^url: .*$", "url: https://pasted.example/conduct"),
    _swap(r"^url: https?://(\w)", "url: https://\u0430\\1"),
    _swap(r"(web\.archive\.org/web/\d{4})\d+", r"\1"),
    # parents
    _swap(r"^credited parents:.*$", "credited parents: many"),
    _swap(r"^credited parents: (.*)$", r"credited parents: \1 and a friend of ours"),
    _swap(r"^credited parents:.*$", "credited parents: Ember Kiln Gild, Sable Press"),
    _swap(r"^(conference|organization): (.*)$", r"\1: \2" + "\ncredited parents: \\2"),
    # bodies
    _wrapped,
    _in_body("## Our promise"),
    _in_body("Our promise\n-----------"),
    _in_body("See [the long form](https://long.example/form) for **everything** else."),
    _in_body("Be kind.<br>Be patient &amp; calm."),
    _in_body("Trailing blanks are hard to see.   "),
    _in_body("No \u202edesaelp\u202c is allowed, and\u200b nobody sees why."),
    _in_body("Saved as Latin-1: Caf\udce9."),
)
