"""Rules F108 and on: the file that an entry is."""

from __future__ import annotations

from collections.abc import Iterator

from archivist.diagnostic import Applicability, Edit, Finding, Fix, Severity
from archivist.entry import Entry
from archivist.grammar import BOM
from archivist.names import slug
from archivist.rules.rule import Context, When, rule

_SURROGATE = b"\xed"  # the first byte of each, and of some Hangul
# NUL and the other C0 controls but for tab, LF and CR; DEL.
_CONTROLS = bytes([*range(9), 11, 12, *range(14, 32), 127])


@rule("F108", "final-newline", Severity.WARNING)
def final_newline(entry: Entry, context: Context) -> Iterator[Finding]:
    r"""The file must end with a newline.

    Else the next edit of the last line shows the whole line as changed, and some tools run it
    together with what follows.

    Bad:
        ---
        layout: coc
        conference: Lantern Conf
        date archived: Feb 04, 2014
        ---

        Be kind.\c

    Good:
        ---
        layout: coc
        conference: Lantern Conf
        date archived: Feb 04, 2014
        ---

        Be kind.
    """
    end = len(entry.text)
    if entry.text and not entry.text.endswith("\n"):
        fix = Fix("end the file with a newline", (Edit(end, end, "\n"),))
        yield Finding(end, end, "the last line must end with a newline", fix=fix)


@rule("F109", "byte-order-mark", when=When.NOT_ASCII)
def byte_order_mark(entry: Entry, context: Context) -> Iterator[Finding]:
    r"""The file must not begin with a byte order mark.

    An invisible U+FEFF before the first `---` makes other tools see no front matter.

    Bad:
        \ufeff---
        layout: coc
        conference: Lantern Conf
        date archived: Feb 04, 2014
        ---

        Be kind.

    Good:
        ---
        layout: coc
        conference: Lantern Conf
        date archived: Feb 04, 2014
        ---

        Be kind.
    """
    if entry.text.startswith(BOM):
        fix = Fix("remove the byte order mark", (Edit(0, 1, ""),))
        yield Finding(0, 1, "the file must not begin with a byte order mark (U+FEFF)", fix=fix)


@rule("F110", "carriage-return")
def carriage_return(entry: Entry, context: Context) -> Iterator[Finding]:
    r"""Lines must end with LF, not with CR LF.

    With mixed line ends a diff shows whole files as changed. The fix touches every line, the
    policy's text included, and is therefore applied with `--unsafe-fixes` only; in git,
    `* text=auto eol=lf` in `.gitattributes` keeps such lines out.

    Bad:
        date archived: Feb 04, 2014\r

    Good:
        date archived: Feb 04, 2014
    """
    first = entry.text.find("\r")
    if first < 0:
        return
    last = entry.text.rfind("\r") + 1
    mended = entry.text[first : last + 1].replace("\r\n", "\n").replace("\r", "\n")
    count = entry.text.count("\r")
    more = {1: None, 2: "so does 1 more line"}.get(count, f"so do {count - 1} more lines")
    edit = Edit(first, min(last + 1, len(entry.text)), mended)
    fix = Fix("end every line with LF", (edit,), Applicability.UNSAFE)
    ends = "CR LF" if entry.text[first + 1 : first + 2] == "\n" else "CR"
    yield Finding(first, first + 1, f"a line must end with LF, not with {ends}", more, fix)


@rule("F111", "encoding", when=When.NOT_ASCII)
def encoding(entry: Entry, context: Context) -> Iterator[Finding]:
    r"""The file must be UTF-8.

    The position is that of the first byte that is not. Usually the whole file is in another
    encoding, such as Latin-1 or UTF-16; save it as UTF-8.

    Bad:
        conference: Caf\udce9 Conf

    Good:
        conference: Café Conf
    """
    if entry.obstacle == "encoding":
        yield Finding(0, 0, "the file must be UTF-8; it is UTF-16", "save the file as UTF-8")
    if _SURROGATE not in context.encoded(entry):
        return
    try:
        entry.text.encode()
    except UnicodeEncodeError as error:
        byte = ord(entry.text[error.start]) & 0xFF
        message = f"the file must be UTF-8; the byte 0x{byte:02x} here is not"
        yield Finding(error.start, error.start + 1, message, "save the file as UTF-8")


@rule("F112", "control-character")
def control_character(entry: Entry, context: Context) -> Iterator[Finding]:
    r"""The file must not contain control characters.

    NUL, escape and their like are invisible, and a terminal obeys them. They, and other characters
    that cannot be seen, must not be written as an escape in a quoted value either.

    Bad:
        conference: Lantern\x1b[31m Conf

    Good:
        conference: Lantern Conf
    """
    if "\\" in entry.text:
        yield from _written_as_escapes(entry)
    data = context.encoded(entry)
    if len(data.translate(None, _CONTROLS)) == len(data):
        return
    for place, char in enumerate(entry.text):
        if ord(char) < 128 and ord(char) in _CONTROLS:
            message = f"the file must not contain the control character U+{ord(char):04X}"
            edit = Edit(place, place + 1, "")
            fix = Fix("remove the character", (edit,), Applicability.UNSAFE)
            yield Finding(place, place + 1, message, fix=fix)


def _written_as_escapes(entry: Entry) -> Iterator[Finding]:
    r"""Values in double quotes that write what cannot be seen as an escape: `"\u202e"`."""
    for field in entry.front.fields:
        for value in field.values:
            char = next((one for one in value.text if not one.isprintable()), None)
            if char is not None and char not in entry.text[value.start : value.end]:
                message = f"a value must not write U+{ord(char):04X} as an escape"
                yield Finding(value.start, value.end, message)


@rule("F113", "too-large", when=When.FLAWED)
def too_large(entry: Entry, context: Context) -> Iterator[Finding]:
    """A file must not be larger than 1 MiB, its front matter not longer than 8 KiB.

    Policies are shorter. A larger file is not read at all, so that a stranger's pull request
    cannot hold up the check.

    Bad:
        # a comment repeated ×400
        conference: Lantern Conf

    Good:
        conference: Lantern Conf
    """
    if entry.obstacle == "too-large":
        yield Finding(0, 0, "the file must not be larger than 1 MiB; it was not read")
    yield from (flaw.finding for flaw in entry.flaws if flaw.kind == "too-large")


@rule("F114", "not-a-plain-file", when=When.UNREAD)
def not_a_plain_file(entry: Entry, context: Context) -> Iterator[Finding]:
    """An entry must be a plain file inside the archive.

    A symbolic link that leads out of the archive would publish a file of the machine that checks
    it; pipes, devices and links to folders are no entries either.

    Bad:
        # entries/lantern.md → /etc/hostname

    Good:
        # entries/lantern.md
        conference: Lantern
    """
    if entry.obstacle == "not-a-plain-file":
        yield Finding(0, 0, "an entry must be a plain file inside the archive; it was not read")


@rule("F115", "other-file", Severity.WARNING, when=When.UNREAD)
def other_file(entry: Entry, context: Context) -> Iterator[Finding]:
    """Files below `entries/` must end in `.md`.

    A file of another name is not an entry: nothing reads it, and nothing checks it.

    Bad:
        # entries/lantern.txt
        conference: Lantern

    Good:
        # entries/lantern.md
        conference: Lantern
    """
    if entry.obstacle == "other-file":
        better = f"rename it to {slug(entry.path.rpartition('/')[2].partition('.')[0])}.md"
        message = "a file below entries/ must end in .md; it was not read as an entry"
        yield Finding(0, 0, message, better)
