"""Rules F101 to F107: the form of front matter."""

from __future__ import annotations

from collections.abc import Iterator

from archivist import dates
from archivist.diagnostic import Finding, Severity
from archivist.entry import Entry
from archivist.rules.dating import KEYS as DATE_KEYS
from archivist.rules.rule import Context, When, rule


def _flaws(entry: Entry, kind: str) -> Iterator[Finding]:
    return (flaw.finding for flaw in entry.flaws if flaw.kind == kind)


@rule("F101", "no-front-matter", when=When.FLAWED)
def no_front_matter(entry: Entry, context: Context) -> Iterator[Finding]:
    """An entry must begin with a line `---`.

    The first line of the file opens the front matter. Nothing may stand before it, not even a
    blank line: other tools that read front matter would find none.

    Bad:
        Lantern Conf is a friendly place.

    Good:
        ---
        layout: coc
        conference: Lantern Conf
        date archived: Feb 04, 2014
        ---

        Lantern Conf is a friendly place.
    """
    return _flaws(entry, "no-front-matter")


@rule("F102", "unclosed-front-matter", when=When.FLAWED)
def unclosed_front_matter(entry: Entry, context: Context) -> Iterator[Finding]:
    """The front matter must be closed by a second line `---`.

    Without it the policy's text cannot be told from the front matter. A blank line may stand
    before it.

    Bad:
        ---
        layout: coc
        conference: Lantern Conf
        date archived: Feb 04, 2014

        Be kind.

    Good:
        ---
        layout: coc
        conference: Lantern Conf
        date archived: Feb 04, 2014

        ---

        Be kind.
    """
    return _flaws(entry, "unclosed-front-matter")


@rule("F103", "not-a-field", when=When.FLAWED)
def not_a_field(entry: Entry, context: Context) -> Iterator[Finding]:
    """Each line of the front matter must be `key: value`.

    The key comes first, then a colon, one blank, and the value on the same line. A list is
    written as `- item` lines below its key. Lines that begin with `#` are comments.

    Bad:
        conference: Lantern Conf
          2019

    Good:
        conference: Lantern Conf 2019
    """
    return _flaws(entry, "not-a-field")


@rule("F104", "duplicate-key", when=When.FLAWED)
def duplicate_key(entry: Entry, context: Context) -> Iterator[Finding]:
    """A key must be given once.

    YAML readers silently keep one of the values, and not all keep the same.

    Bad:
        url: https://lantern.example/conduct
        url: https://lantern.example/conduct-2019

    Good:
        url: https://lantern.example/conduct-2019
    """
    return _flaws(entry, "duplicate-key")


@rule("F105", "yaml-misreads", when=When.FLAWED)
def yaml_misreads(entry: Entry, context: Context) -> Iterator[Finding]:
    """YAML must read each value as the text that stands in its line.

    Front matter is read by YAML in most tools, and YAML changes some values without a word: what
    follows ` #` is a comment, `!!Con` a type tag, `&yet` an anchor, `no` a truth value, `12:30` a
    number. In quotes each of them stays itself. A date that the archive can read is left to
    date-style (D302).

    Bad:
        conference: Node Night #1

    Good:
        conference: "Node Night #1"
    """
    for finding in _flaws(entry, "yaml-misreads"):
        if not _is_readable_date(entry, finding):
            yield finding


def _is_readable_date(entry: Entry, finding: Finding) -> bool:
    return any(
        entry.fields[key].span[0] == finding.start and dates.style(entry.value(key)) is not None
        for key in DATE_KEYS
        if key in entry.fields
    )


@rule("F106", "tab", when=When.FLAWED)
def tab(entry: Entry, context: Context) -> Iterator[Finding]:
    r"""Front matter must not contain tabs.

    YAML readers disagree about them: some take a tab behind the colon, others fail.

    Bad:
        conference:\tLantern Conf 2019

    Good:
        conference: Lantern Conf 2019
    """
    return _flaws(entry, "tab")


@rule("F107", "stray-blanks", Severity.WARNING, when=When.FLAWED)
def stray_blanks(entry: Entry, context: Context) -> Iterator[Finding]:
    r"""A front matter line must have one blank behind its colon and none at its end.

    Stray blanks do no harm, but make two lines differ that say the same.

    Bad:
        date archived:  Feb 04, 2014\x20

    Good:
        date archived: Feb 04, 2014
    """
    return _flaws(entry, "stray-blanks")
