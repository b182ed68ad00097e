"""The rules: what must be true of every entry. One module a group, one generator a rule."""

from __future__ import annotations

from archivist.rules import (
    bodies,
    characters,
    dating,
    form,
    keys,
    naming,
    parents,
    urls,
)
from archivist.rules.rule import Context, Rule

# Title of each group, by the letter that its codes begin with.
GROUPS = {
    "F": ("Files and front matter", form),
    "K": ("Keys and values", keys),
    "D": ("Dates", dating),
    "U": ("URLs", urls),
    "P": ("Parents", parents),
    "N": ("Names", naming),
    "B": ("Bodies", bodies),
    "C": ("Characters", characters),
}

RULES: dict[str, Rule] = {
    rule.code: rule
    for _, module in GROUPS.values()
    for rule in vars(module).values()
    if isinstance(rule, Rule)
}

__all__ = ["GROUPS", "RULES", "Context", "Rule"]
