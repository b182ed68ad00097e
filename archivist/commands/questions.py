"""Questions to the person at the terminal, for what the command line left out."""

from __future__ import annotations

import sys
from argparse import Namespace

from archivist.files import MAX_SIZE


def ask_missing(args: Namespace, body: str) -> str:
    """Ask for the title, the URL, the date, the parents and the text; returns the text.

    What is left blank stays unknown.
    """
    ask = args.console.ask
    if not args.title:
        args.title = ask("Title (conference or organization, with its year): ")
    if not args.url:
        args.url = ask("URL it was published at (blank: not known): ")
    if args.layout == "source":
        return body
    if not args.announced:
        args.announced = ask("Date announced, such as Dec 10, 2013 (blank: not known): ")
    if not args.parent:
        named = ask("Credited parents, separated by commas (blank: not known): ")
        args.parent = [name.strip() for name in named.split(",") if name.strip()]
    if not body.strip():
        args.console.note("Paste the policy's text; end it with Ctrl-D on an empty line:")
        body = sys.stdin.read(MAX_SIZE)
    return body
