"""The rules themselves, for the terminal, for programs, and as `docs/rules.md`."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable, Iterator

from archivist.console import paint
from archivist.rules import GROUPS, RULES, Rule

_INTRODUCTION = """\
# Rules

What `archivist check` requires of every entry. `archivist rule CODE` shows the same on the
terminal. Severities are defaults; `archivist.toml` changes them, and switches rules off for the
archive or, with a reason, for one entry: see [settings](settings.md).

In the examples only the lines that matter are shown.
"""


def as_list(*, color: bool = False) -> str:
    """One line a rule, by group."""
    lines: list[str] = []
    for letter, title in GROUPS.items():
        lines += ["", paint(title, "bold", on=color)] if lines else [paint(title, "bold", on=color)]
        for rule in RULES.values():
            if rule.code[0] == letter:
                mark = "warning" if rule.severity.value == "warning" else ""
                lines.append(f"  {rule.code}  {rule.name:26}{mark}".rstrip())
    lines += ["", "`archivist rule CODE` explains one."]
    return "\n".join(lines) + "\n"


def as_text(rule: Rule, *, color: bool = False, width: int = 80) -> str:
    """A rule with its explanation and examples."""
    head = paint(f"{rule.code} {rule.name}", "bold", on=color)
    parts = [f"{head} ({rule.severity})", textwrap.fill(rule.requirement, width)]
    parts += [_filled(paragraph, width) for paragraph in rule.explanation.split("\n\n")]
    parts += [
        f"{paint('Bad:', 'red', on=color)}\n\n{textwrap.indent(rule.bad, '    ')}",
        f"{paint('Good:', 'green', on=color)}\n\n{textwrap.indent(rule.good, '    ')}",
    ]
    return "\n\n".join(parts) + "\n"


def as_json(rules: Iterable[Rule]) -> str:
    """The rules as one JSON object."""
    listed = [
        {
            "code": rule.code,
            "name": rule.name,
            "severity": rule.severity.value,
            "requirement": rule.requirement,
            "explanation": rule.explanation,
            "bad": rule.bad,
            "good": rule.good,
        }
        for rule in rules
    ]
    return json.dumps({"version": 1, "rules": listed}, indent=2) + "\n"


def as_markdown(rules: Iterable[Rule]) -> str:
    """The rules as a page: a table by group, then each rule."""
    rules = list(rules)
    parts = [_INTRODUCTION]
    for letter, title in GROUPS.items():
        group = [rule for rule in rules if rule.code[0] == letter]
        if group:
            parts.append(f"## {title}\n\n{''.join(_table(group))}")
            parts += [_section(rule) for rule in group]
    return "\n".join(parts)


def _table(group: list[Rule]) -> Iterator[str]:
    yield "| code | name | severity | requirement |\n|---|---|---|---|\n"
    for rule in group:
        link = f"[{rule.code}](#{rule.code.lower()}-{rule.name})"
        requirement = rule.requirement.replace("|", "\\|")
        yield f"| {link} | {rule.name} | {rule.severity} | {requirement} |\n"


def _section(rule: Rule) -> str:
    return (
        f"### {rule.code} {rule.name}\n\n{rule.requirement}\n\n{rule.explanation}\n\n"
        f"Bad:\n\n```yaml\n{rule.bad}\n```\n\nGood:\n\n```yaml\n{rule.good}\n```\n"
    )


def _filled(paragraph: str, width: int) -> str:
    """A paragraph in lines of this width; an indented one, a command, as it is."""
    return paragraph if paragraph.startswith("    ") else textwrap.fill(paragraph, width)
