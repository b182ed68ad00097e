"""Trailers of commit messages, by git's own rules as they are where nothing is configured.

Git can be told to take other separators, comments and names for trailers, by the very repository
that is read: what a commit says must not depend on that.
"""

from __future__ import annotations

import re

# https://git-scm.com/docs/git-interpret-trailers: the last group of lines, all of which are
# trailers, or a quarter of which are if one is a line that git itself writes.
_TRAILER = re.compile(r"([A-Za-z0-9-]+)[ \t]*:(.*)", re.DOTALL)
_OWN = ("Signed-off-by: ", "(cherry picked from commit ")
_COMMENT = "#"
_OTHERS = 3  # lines that are no trailers, for each that is one
_BLANKS = " \t\r\v\f"


def trailer_lines(message: str) -> list[str]:
    """The trailers of a message, each as `Key: value` in one line."""
    if ":" not in message:
        return []
    found: list[str] = []
    goes_on = False
    for line in _block(message):
        if goes_on and line[0] in _BLANKS:
            found[-1] = f"{found[-1].rstrip(_BLANKS)} {line.strip(_BLANKS)}"
            continue
        match = _TRAILER.match(line)
        goes_on = match is not None
        if match:
            found.append(f"{match[1]}: {match[2].strip(_BLANKS)}")
    return found


def _block(message: str) -> list[str]:
    """The lines of the last group but the first, which is the title, if it is one of trailers."""
    groups = _groups(message)
    if len(groups) < 2:
        return []
    block = groups[-1]
    trailers, others, open_lines = 0, 0, 0
    for line in reversed(block):
        if line.startswith(_OWN) or _TRAILER.match(line):
            trailers, open_lines = trailers + 1, 0
        elif line[0] in _BLANKS:
            open_lines += 1  # goes on from the line above, whatever that is
        else:
            others, open_lines = others + open_lines + (not line.startswith(_COMMENT)), 0
    others += open_lines
    is_own = any(line.startswith(_OWN) for line in block)
    if trailers and (not others or (is_own and trailers * _OTHERS >= others)):
        return block
    return []


def _groups(message: str) -> list[list[str]]:
    """The lines between blank ones, but for groups of nothing but comments."""
    groups: list[list[str]] = [[]]
    for line in message.split("\n"):
        if not line.strip(_BLANKS):
            if groups[-1]:
                groups.append([])
        else:
            groups[-1].append(line)
    return [group for group in groups if not all(line.startswith(_COMMENT) for line in group)]
