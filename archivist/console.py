"""The terminal: the only module that writes to stdout and stderr.

Results go to stdout, everything said about the work to stderr.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping, Sequence
from typing import TextIO

_STYLES = {"bold": "1", "red": "31", "green": "32", "yellow": "33", "cyan": "36", "dim": "2"}
_STYLES["strike"] = "9"  # with red for what is gone: not all eyes tell red from green
_WIDTH = 80
_CONTROL = re.compile("(?!\r\n)[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
INTERRUPTED = "interrupted"
_END = b"\x04"  # Ctrl-D


def escape(text: str) -> str:
    r"""Text from an entry or a server, safe to show: everything unprintable as `\x1b`, `\u202e`."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else _escaped(char) for char in text)


def escape_lines(text: str) -> str:
    """Text of several lines, safe to show: the lines stay."""
    return "\n".join(map(escape, text.split("\n")))


def escape_controls(text: str) -> str:
    """Text for a file or another program: as it is, but for what a terminal would obey."""
    return _CONTROL.sub(lambda found: _escaped(found[0]), text)


def columns(text: str) -> int:
    """The columns that escaped text takes on a terminal."""
    if text.isascii():
        return len(text)
    import unicodedata

    return sum(
        0
        if unicodedata.category(c) in ("Mn", "Me")
        else 1 + (unicodedata.east_asian_width(c) in "WF")
        for c in text
    )


def _escaped(char: str) -> str:
    if char in "\t\u00a0":
        return " "
    number = ord(char)
    if 0xDC80 <= number <= 0xDCFF:  # a byte that is not UTF-8
        number -= 0xDC00
    if number < 0x100:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def counted(count: int, one: str, many: str = "") -> str:
    """So many things, in words: `1 entry`, `2,000 entries`; `many` is else `one` with an `s`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


class Console:
    """Where a command speaks.

    `color` is `auto`, `always` or `never`; `auto` respects `NO_COLOR`.
    """

    def __init__(
        self,
        color: str = "auto",
        *,
        quiet: bool = False,
        verbose: bool = False,
        out: TextIO | None = None,
        err: TextIO | None = None,
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        self.out = out or sys.stdout
        self.err = err or sys.stderr
        self.quiet = quiet
        self.verbose = verbose
        self.shows_progress = True
        self.is_read = True
        self.colors_out = _wants_color(color, self.out, environ)
        self.colors_err = _wants_color(color, self.err, environ)
        for stream in (self.out, self.err):
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(errors="backslashreplace")

    @property
    def is_interactive(self) -> bool:
        """True if a person sits at both ends: questions may be asked."""
        return sys.stdin is not None and sys.stdin.isatty() and self.err.isatty()

    @property
    def width(self) -> int:
        """The columns of the terminal; 80 where there is none."""
        given = os.environ.get("COLUMNS", "")
        if given.isdecimal() and int(given) > 0:
            return int(given)
        try:
            return os.get_terminal_size(self.out.fileno()).columns or _WIDTH
        except (OSError, ValueError):
            return _WIDTH

    def result(self, text: str) -> None:
        """Print a result to stdout, ending in one newline; an empty text prints nothing."""
        if text:
            self.part(text if text.endswith("\n") else text + "\n")

    def part(self, text: str) -> None:
        """Print a part of a result to stdout as it is.

        If the reader went away (`| head`), it has what it wanted: `is_read` is False from then on,
        and nothing is said of it.
        """
        try:
            self.out.write(text)
        except BrokenPipeError:
            self._reader_gone()

    def finish(self) -> None:
        """Print what is still held back of the result."""
        try:
            self.out.flush()
        except BrokenPipeError:
            self._reader_gone()

    def _reader_gone(self) -> None:
        self.is_read = False
        os.dup2(os.open(os.devnull, os.O_WRONLY), self.out.fileno())  # what is held back goes there

    def note(self, text: str) -> None:
        """Say something about the work, unless `--quiet`."""
        if not self.quiet:
            self.err.write(text + "\n")

    def warning(self, text: str) -> None:
        """With `--quiet`, say what changes the meaning of a result; a note has said it else."""
        if self.quiet:
            self.err.write(text + "\n")

    def detail(self, text: str) -> None:
        """Say something that only `--verbose` wants to know."""
        if self.verbose:
            self.err.write(text + "\n")

    def progress(self, done: int, total: int, what: str) -> None:
        """Show on a terminal how far the work is; the line is drawn over the one before, and
        vanishes when nothing is left to do.
        """
        if self.quiet or not self.shows_progress or not self.err.isatty():
            return
        width = 24
        filled = width * done // max(total, 1)
        bar = f"\r\x1b[K{'█' * filled}{'░' * (width - filled)} {done}/{total} {what}"
        self.err.write("\r\x1b[K" if done >= total else bar)
        self.err.flush()

    def error(self, message: str, hint: str | None = None, said: Sequence[str] = ()) -> None:
        """Say why there is no answer, what somebody else said about it, and what would help."""
        label = paint("error:", "bold", "red", on=self.colors_err)
        if self.err.isatty() and message == INTERRUPTED:
            self.err.write("\n")  # behind the terminal's ^C
        self.err.write(f"{label} {escape(message)}\n")
        for line in said:
            self.err.write(f"    {escape(line)}".rstrip() + "\n")
        if hint:
            self.err.write(f"  {paint('hint:', 'cyan', on=self.colors_err)} {escape(hint)}\n")

    def ask(self, question: str) -> str:
        """One line from the person at the terminal; KeyboardInterrupt at the end of input."""
        self.err.write(question)
        self.err.flush()
        line = sys.stdin.readline()
        if not line:
            raise KeyboardInterrupt
        return line.strip()

    def ask_text(self, request: str) -> str:
        """Lines of any length from the terminal, up to Ctrl-D.

        Read without the terminal's own line editing, which cuts a pasted paragraph at 4,095 bytes.
        """
        import termios

        self.note(request)
        terminal = sys.stdin.fileno()
        before = termios.tcgetattr(terminal)
        raw = termios.tcgetattr(terminal)
        raw[3] &= ~termios.ICANON
        termios.tcsetattr(terminal, termios.TCSANOW, raw)
        try:
            data = b""
            while _END not in data and (chunk := os.read(terminal, 65536)):
                data += chunk
        finally:
            termios.tcsetattr(terminal, termios.TCSANOW, before)
        return data.partition(_END)[0].decode("utf-8", "replace")


def paint(text: str, *styles: str, on: bool) -> str:
    """The text in colour, or as it is."""
    if not on or not text:
        return text
    return f"\x1b[{';'.join(_STYLES[style] for style in styles)}m{text}\x1b[0m"


def _wants_color(color: str, stream: TextIO, environ: Mapping[str, str]) -> bool:
    if color != "auto":
        return color == "always"
    if environ.get("NO_COLOR") or environ.get("TERM") == "dumb":
        return False
    return bool(environ.get("FORCE_COLOR")) or stream.isatty()
