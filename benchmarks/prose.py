"""Sentences, paragraphs and whole texts, assembled from the vocabulary by chance."""

from __future__ import annotations

import re
from random import Random

from benchmarks.words import ACCENTED_NAMES, HEADINGS, ITEMS, SENTENCES, SLOTS

_SLOT = re.compile(r"\{(\w+)\}")
_QUOTED = re.compile(r'"([^"\n]*)"')
_BULLET = "   * "


def body(random: Random, title: str, contact: str, length: int) -> str:
    """A policy of about this many characters: one line a paragraph, lists, an address."""
    parts = [f"{title}: {random.choice(('How We Meet', 'Our Rules', 'A Promise', 'In Short'))}"]
    parts += [paragraph(random), paragraph(random)]
    headings = random.sample(HEADINGS, len(HEADINGS))
    size = sum(map(len, parts))
    while headings and size < length - 150:
        section = [headings.pop(), *_section(random)]
        parts += section
        size += sum(len(part) + 2 for part in section)
    parts.append(f"Contact:\n{name_in(random)}\n{contact}")
    text = "\n\n".join(parts) + "\n"
    return typeset(random, text) if random.random() < 0.35 else text


def paragraph(random: Random) -> str:
    """Two to five sentences on one line."""
    return " ".join(sentence(random) for _ in range(random.randint(2, 5)))


def sentence(random: Random) -> str:
    """One sentence."""
    return _filled(random, random.choice(SENTENCES))


def name_in(random: Random) -> str:
    """A person's name."""
    return random.choice(SLOTS["name"])


def typeset(random: Random, text: str) -> str:
    """The text with curly quotes, dashes and accented names."""
    text = _QUOTED.sub("“\\1”", text).replace("'", "’")
    for name in SLOTS["name"]:
        if random.random() < 0.7:
            text = text.replace(name, random.choice(ACCENTED_NAMES))
    return text.replace("; ", " – ", 2)


def _section(random: Random) -> list[str]:
    if random.random() < 0.3:
        items = [_BULLET + _filled(random, one) for one in random.sample(ITEMS, 5)]
        gap = "\n\n" if random.random() < 0.5 else "\n"
        return [gap.join(items)]
    return [paragraph(random) for _ in range(random.randint(1, 2))]


def _filled(random: Random, template: str) -> str:
    """The template with all its slots filled, and a capital at its beginning."""
    text = template
    while "{" in text:
        text = _SLOT.sub(lambda match: random.choice(SLOTS[match[1]]), text)
    return text[0].upper() + text[1:]
