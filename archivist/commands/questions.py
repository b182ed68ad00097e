"""Questions to the person at the terminal, each asked again until the answer can be used."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable

from archivist.addresses import problem
from archivist.console import Console
from archivist.dates import Unreadable, read


def ask_about(args: Namespace) -> None:
    """Ask for the title, the URL, the date and the parents; what is left blank stays unknown."""
    console: Console = args.console
    args.title = _ask(console, "Title (conference or organization, with its year): ", _title)
    if not args.url:
        args.url = _ask(console, "URL it was published at (blank: not known): ", _url)
    if args.layout == "source":
        return
    if not args.announced:
        question = "Date announced, such as Dec 10, 2013 (blank: not known): "
        args.announced = _ask(console, question, _date)
    if not args.parent:
        named = console.ask("Credited parents, separated by commas (blank: not known): ")
        args.parent = [name.strip() for name in named.split(",") if name.strip()]


def _ask(console: Console, question: str, wrong: Callable[[str], str | None]) -> str:
    while True:
        answer = console.ask(question)
        complaint = wrong(answer)
        if complaint is None:
            return answer
        console.note(f"  {complaint}")


def _title(answer: str) -> str | None:
    return None if answer else "it must have one"


def _url(answer: str) -> str | None:
    found = problem(answer) if answer else None
    return f"it {found}" if found else None


def _date(answer: str) -> str | None:
    found = read(answer) if answer else None
    return f"it {found.reason}" if isinstance(found, Unreadable) else None
