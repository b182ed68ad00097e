"""Reports for people: each finding with its line and a caret, then a summary."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import groupby

from archivist.console import escape, paint
from archivist.diagnostic import Applicability, Diagnostic, Severity
from archivist.report import Report

_COLOR = re.compile("\x1b\\[[0-9;]*m")
_TITLE = 200
_SHOWN = 3  # findings of one code in one file that are shown with their line
_COLORS = {Severity.ERROR: "red", Severity.WARNING: "yellow"}


def render(report: Report, *, color: bool = False, width: int = 80, wrap: bool = False) -> str:
    """The report as text. Lines of entries are cut to `width` columns; with `wrap`, for a terminal,
    messages are broken at words, too.
    """
    blocks: list[str] = []
    for _, of_file in groupby(report.diagnostics, key=lambda one: one.path):
        blocks += _file_blocks(list(of_file), color, width)
    if wrap:
        blocks = [wrapped(one, width) for one in blocks]
    return "\n".join([*blocks, _summary(report, color)])


def _file_blocks(found: list[Diagnostic], color: bool, width: int) -> Iterator[str]:
    more: dict[str, list[Diagnostic]] = {}
    shown: dict[str, int] = {}
    for one in found:
        shown[one.code] = shown.get(one.code, 0) + 1
        if shown[one.code] > _SHOWN and _count(found, one.code) > _SHOWN + 1:
            more.setdefault(one.code, []).append(one)
        else:
            yield block(one, color, width)
    for left in more.values():
        yield _more(left, color)


def wrapped(lines: str, width: int) -> str:
    """A block whose first line, and whose lines of advice, are broken at words."""
    return "".join(
        f"{line}\n" if "|" in line[:16] else _broken(line, width) for line in lines.splitlines()
    )


def _broken(line: str, width: int) -> str:
    """A line in pieces that fit, the following ones indented; colours take no room."""
    indent = " " * (4 + len(line) - len(line.lstrip()))
    pieces, room = [""], width
    for word in line.split(" "):
        size = len(_COLOR.sub("", word))
        if size >= room and pieces[-1].strip():
            pieces.append(indent)
            room = width - len(indent)
        pieces[-1] += f"{word} "
        room -= size + 1
    return "".join(f"{piece.rstrip()}\n" for piece in pieces)


def _count(found: list[Diagnostic], code: str) -> int:
    return sum(one.code == code for one in found)


def block(one: Diagnostic, color: bool, width: int) -> str:
    """One finding: its sentence, its line with a caret, and what would help."""
    head = f"{_place(one, color)} {escape(one.message)}\n"
    lines = list(_excerpt(one, color, width)) if one.excerpt and not one.excerpt.isspace() else []
    margin = " " * (len(str(one.line)) + 1)
    if one.hint and not _is_said_by_fix(one):
        lines.append(f"{margin}{paint('= hint:', 'cyan', on=color)} {escape(one.hint)}")
    if one.fix:
        option = {
            Applicability.SAFE: " (--fix)",
            Applicability.UNSAFE: " (--unsafe-fixes)",
            Applicability.SHOWN: "",
        }[one.fix.applicability]
        lines.append(
            f"{margin}{paint('= fix:', 'green', on=color)} {escape(one.fix.title[:_TITLE])}{option}"
        )
    return head + "".join(f"{line}\n" for line in lines)


def _is_said_by_fix(one: Diagnostic) -> bool:
    """True if the hint says no more than the line of the fix will."""
    hint, title = one.hint or "", one.fix.title if one.fix else ""
    return bool(title) and (hint == title or hint.startswith("did you mean"))


def _place(one: Diagnostic, color: bool) -> str:
    where = paint(f"{escape(one.path)}:{one.line}:{one.column}:", "bold", on=color)
    return f"{where} {_label(one, color)}"


def _label(one: Diagnostic, color: bool) -> str:
    severity = paint(one.severity.value, "bold", _COLORS[one.severity], on=color)
    return f"{severity} {paint(one.code, 'bold', on=color)}:"


def _more(left: list[Diagnostic], color: bool) -> str:
    numbers = list(dict.fromkeys(str(one.line) for one in left))
    lines = f"line{'s' if len(numbers) > 1 else ''} {', '.join(numbers[:12])}"
    rest = " …" if len(numbers) > 12 else ""
    path = paint(f"{escape(left[0].path)}:", "bold", on=color)
    return f"{path} {_label(left[0], color)} {len(left)} more like this, in {lines}{rest}\n"


def _excerpt(one: Diagnostic, color: bool, width: int) -> Iterator[str]:
    """The line, cut to the width around the caret, and the caret line below it."""
    number = str(one.line)
    gutter = " " * len(number)
    cut = max(0, one.column - 1 - width)  # more of a long line will not be shown
    near = one.excerpt[cut : cut + 3 * width].rstrip("\r")
    cells = [_cell(char) for char in near]
    start = min(one.column - 1 - cut, len(cells))
    end = one.end_column - 1 - cut if one.end_line == one.line else len(cells)
    first, last = _window(cells, start, max(width - len(number) - 3, 20))
    left = "…" if first or cut else ""
    right = "…" if last < len(cells) or cut + len(cells) < len(one.excerpt.rstrip("\r")) else ""
    shown = "".join(text for text, _ in cells[first:last])
    before = len(left) + sum(size for _, size in cells[first:start])
    marked = sum(size for _, size in cells[start : min(end, last)])
    bar = paint("|", "dim", on=color)
    caret = paint("^" * max(marked, 1), _COLORS[one.severity], on=color)
    yield f"{gutter} {bar}"
    yield f"{paint(number, 'dim', on=color)} {bar} {left}{shown}{right}"
    yield f"{gutter} {bar} {' ' * before}{caret}"


def _cell(char: str) -> tuple[str, int]:
    """A character as it is shown, and the columns that it takes."""
    if char.isascii() and char.isprintable():
        return char, 1
    shown = escape(char)
    if shown != char:
        return shown, len(shown)
    if unicodedata.category(char) in ("Mn", "Me"):
        return char, 0
    return char, 2 if unicodedata.east_asian_width(char) in "WF" else 1


def _window(cells: list[tuple[str, int]], start: int, width: int) -> tuple[int, int]:
    """The part of a line that is shown: all of it, or as much as fits around the caret."""
    if sum(size for _, size in cells) <= width:
        return 0, len(cells)
    first, room = start, width // 3
    while first and room >= cells[first - 1][1]:
        first -= 1
        room -= cells[first][1]
    last, room = first, width - 2
    while last < len(cells) and room >= cells[last][1]:
        room -= cells[last][1]
        last += 1
    while last == len(cells) and first and room >= cells[first - 1][1]:
        first -= 1
        room -= cells[first][1]
    return first, last


def _summary(report: Report, color: bool) -> str:
    checked = _number(len(report.paths), "entry", "entries")
    known = f"; {report.known} more are in the baseline" if report.known else ""
    if not report.diagnostics:
        good = paint("all good", "green", on=color)
        return f"{checked} checked: {good}{known}.\n"
    touched = _number(len({one.path for one in report.diagnostics}), "entry", "entries")
    parts = [
        _number(report.errors, "error", "errors"),
        _number(report.warnings, "warning", "warnings"),
    ]
    text = f"{checked} checked: {' and '.join(parts)} in {touched}{known}.\n"
    return text + _advice(report)


def _advice(report: Report) -> str:
    safe, unsafe = report.fixable(Applicability.SAFE), report.fixable(Applicability.UNSAFE)
    check = f"archivist check{' --staged' if report.staged else ''}"
    advice = []
    if safe:
        advice.append(f"`{check} --fix` mends {safe}")
    if unsafe:
        advice.append(f"`{check} --unsafe-fixes` mends {unsafe}{' more' if safe else ''}")
    worst = min(report.diagnostics, key=lambda one: one.severity is not Severity.ERROR)
    advice.append(f"`archivist rule {worst.code}` explains {worst.code}")
    return ";\n".join(advice) + ".\n"


def _number(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"
