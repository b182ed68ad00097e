"""`archivist search`: full text over entries and their versions."""

from __future__ import annotations

import re
from argparse import ArgumentParser, Namespace

from archivist.commands.parser import add_output
from archivist.commands.session import deliver, history_of, workspace
from archivist.console import escape, paint
from archivist.document import dumped
from archivist.errors import NoRepository
from archivist.formats.wrapping import wrapped
from archivist.state.texts import TextIndex
from archivist.versions.notes import Notes
from archivist.versions.rows import as_row
from archivist.versions.searching import Answer, Hit, search, search_files

_MARK = re.compile("([{}])".format("".join(TextIndex.MARKS)))
_BEGIN, _END = "»", "«"  # around what was found, without colour: brackets are common in policies
# Marks of direction, joiners and the like: what is cut out of a text can do without.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
USAGE = "QUERY"
DESCRIPTION = (
    "Find entries by the words of their present titles and texts, or with --history by those of "
    'all texts that there ever were, the earliest first. A query has words, "phrases", beginnings '
    "(harass*), NEAR(guest host, 5), AND, OR, NOT, title:words. What is no query is searched as "
    "words. What was found stands between »these marks«. The index lies in .git, and can be "
    "deleted at any time."
)
EXAMPLES = """\
  archivist search kind
  archivist search --history '"are kind"'
  archivist search 'NEAR(quay kind, 5)' --format json
"""


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("query", metavar="QUERY", help="what to look for")
    parser.add_argument("--history", action="store_true", help="search all versions")
    add_output(parser, ("text", "json"))


def run(args: Namespace) -> int:
    """Print what was found; 0 also if nothing was."""
    answer, notes = _answer(args)
    if answer.query.is_changed:
        args.console.note(f"searched for: {escape(answer.query.text)}")
    hits = answer.hits
    if args.format == "json":
        document = {
            "version": 1,
            "query": answer.query.text,
            "results": [_keys(hit) for hit in hits],
            **notes.keys(),
        }
        deliver(args, dumped(document, indent=2) + "\n")
        return 0
    color = args.output == "-" and args.console.colors_out
    blocks = [_block(hit, args.history, color, args.console.width) for hit in hits]
    count = f"{len(hits)} {'entry' if len(hits) == 1 else 'entries'}"
    deliver(args, "\n".join([*blocks, f"found in {count}\n"]))
    return 0


def _answer(args: Namespace) -> tuple[Answer, Notes]:
    """What was found, and what there is to say about the history that was searched."""
    try:
        history = history_of(args)
    except NoRepository:
        if args.history:
            raise
        return search_files(workspace(args).entries(), args.query), Notes()
    return search(history, args.query, all_versions=args.history), history.notes


def _keys(hit: Hit) -> dict[str, object]:
    return {
        "entry": as_row(hit.first)["entry"],
        "first": as_row(hit.first),
        "last": as_row(hit.last),
        "versions": hit.versions,
        "excerpt": _marked(hit.excerpt, _BEGIN, _END),
        "in_title": hit.in_title,
    }


def _block(hit: Hit, past: bool, color: bool, width: int) -> str:
    first = hit.first
    about = f", {first.archived.styled()}" if first.archived else ""
    if past:
        several = f", {hit.versions} versions" if hit.versions > 1 else ""
        about += f" ({first.rev[:8] if first.rev else 'working tree'}){several}"
    if hit.in_title:
        about += ", in the title"
    begin, end = ("\x1b[1m", "\x1b[0m") if color else (_BEGIN, _END)
    pieces = _MARK.split(" ".join(_INVISIBLE.sub("", hit.excerpt).split()))
    words = "".join(one if _MARK.fullmatch(one) else escape(one) for one in pieces)
    lines = wrapped(words, max(width - 2, 20))
    shown = [_marked(line, begin, end) for line in lines]
    name = paint(escape(first.entry), "bold", on=color)
    return "\n".join([f"{name}{about}", *(f"  {line}" for line in shown), ""])


def _marked(excerpt: str, begin: str, end: str) -> str:
    return excerpt.replace(TextIndex.MARKS[0], begin).replace(TextIndex.MARKS[1], end)
