"""The rules: what must be true of every entry. One module a group, one generator a rule."""

from __future__ import annotations

from archivist.rules import bodies, characters, dating, file, form, keys, naming, parents, urls
from archivist.rules.rule import Context, Rule, When

# Title of each group, by the letter that its codes begin with.
GROUPS = {
    "F": "Files and front matter",
    "K": "Keys and values",
    "D": "Dates",
    "U": "URLs",
    "P": "Parents",
    "N": "Names",
    "B": "Bodies",
    "C": "Characters",
}

_MODULES = (form, file, keys, dating, urls, parents, naming, bodies, characters)

RULES: dict[str, Rule] = {
    rule.code: rule
    for module in _MODULES
    for rule in vars(module).values()
    if isinstance(rule, Rule)
}

__all__ = ["GROUPS", "RULES", "Context", "Rule", "When"]
