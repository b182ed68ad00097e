"""The grammar of front matter: text → fields and flaws. Never raises, whatever the text holds."""

from __future__ import annotations

import re

from archivist.diagnostic import Applicability, Edit, Finding, Fix
from archivist.fence import FENCE, MAX_LENGTH
from archivist.fieldlines import FIELD, ITEM, REMARK, FieldLines
from archivist.frontmatter import Flaw, FrontMatter

BOM = "\ufeff"

_NEAR_FENCE = re.compile(r"[ \t]*(?:--+|[–—]{1,3}|\*\*\*+|===+)[ \t]*\r?(?=\n|\Z)")
_CLOSING = re.compile(r"^---[ \t]*\r?$", re.MULTILINE)
_OPENING = re.compile(rf"{BOM}?---([ \t]*)\r?(?:\n|\Z)")
_LATE_OPENING = re.compile(rf"{BOM}?[ \t\r\n]+(?=---[ \t]*\r?\n)")


def parse(text: str) -> FrontMatter:
    """The front matter of an entry's text, with everything about it that is not well formed."""
    opening = _OPENING.match(text)
    if opening is None:
        return FrontMatter(flaws=(_no_front_matter(text),))
    start = opening.end()
    closing = _CLOSING.search(text, start)
    if closing is None or closing.start() > start + MAX_LENGTH:
        return _unclosed(text, start)
    fields, flaws = FieldLines(text, start, closing.start()).read()
    body = text.find("\n", closing.start()) + 1 or len(text)
    return FrontMatter(fields, flaws, start, closing.start(), body)


def _no_front_matter(text: str) -> Flaw:
    late = _LATE_OPENING.match(text)
    fix = None
    if late:
        keep = BOM if text.startswith(BOM) else ""
        fix = Fix("begin with the `---` line", (Edit(0, late.end(), keep),))
    end = text.find("\n") if "\n" in text[:200] else min(len(text), 200)
    finding = Finding(
        0,
        end if late is None else 0,
        f"the first line must be `{FENCE}`, which opens the front matter",
        "an entry begins with `---`, the front matter's `key: value` lines and `---` again",
        fix,
    )
    return Flaw("no-front-matter", finding)


def _unclosed(text: str, start: int) -> FrontMatter:
    closing = _CLOSING.search(text, start)
    if closing is not None:
        message = f"the front matter must not be longer than {MAX_LENGTH // 1024} KiB"
        finding = Finding(start, start, message, "long text belongs into the body")
        body = text.find("\n", closing.start()) + 1 or len(text)
        return FrontMatter((), (Flaw("too-large", finding),), start, closing.start(), body)
    end = _end_of_fields(text, start)
    fields, flaws = FieldLines(text, start, end).read()
    newline = "" if text[end - 1] == "\n" else "\n"
    return FrontMatter(fields, (_no_fence(text, end), *flaws), start, end, end, newline)


def _no_fence(text: str, end: int) -> Flaw:
    """The flaw of front matter that is not closed, and ends at `end` by the look of it."""
    gap = REMARK.match(text, end)
    near = _NEAR_FENCE.match(text, gap.end() if gap else end)
    if near:
        line = near[0].strip()
        message = f"the front matter must be closed by a line `{FENCE}`; this is “{line}”"
        fix = Fix(f"write `{FENCE}`", (Edit(*near.span(), FENCE),), Applicability.UNSAFE)
        return Flaw("unclosed-front-matter", Finding(*near.span(), message, fix=fix))
    before = "" if text[end - 1] == "\n" else "\n"
    after = "" if text[end : end + 1] in ("\n", "\r") else "\n"
    fix = Fix(
        "close the front matter behind its last field",
        (Edit(end, end, f"{before}{FENCE}\n{after}"),),
        Applicability.UNSAFE,
    )
    message = f"the front matter must be closed by a line `{FENCE}`"
    return Flaw("unclosed-front-matter", Finding(0, 3, message, fix=fix))


def _end_of_fields(text: str, start: int) -> int:
    """Where front matter without a closing fence ends: behind its first lines that are fields."""
    place = start
    while place < min(len(text), start + MAX_LENGTH):
        stop = text.find("\n", place) + 1 or len(text)
        line = text[place : min(stop, place + MAX_LENGTH)].rstrip("\n")
        if stop > start + MAX_LENGTH or not (
            FIELD.match(line) or ITEM.match(line) or line.startswith("#")
        ):
            break
        place = stop
    return place
