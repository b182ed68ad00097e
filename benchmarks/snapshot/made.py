"""What is captured: policies and their pages, and an archive and a collection that want them."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from html import escape
from pathlib import Path
from random import Random

from benchmarks import prose
from benchmarks.measuring import environment

LENGTH = 15_000  # characters of a policy
KEPT = 0.72  # the share of its paragraphs that a heavily altered policy keeps
_MENU = "".join(
    f'<li class="menu-item item-{n}"><a class="link" href="/{n}">Part {n}</a></li>'
    for n in range(120)
)
_SCRIPT = "window.state = window.state || {}; window.state.item = 'lantern';\n" * 200
_ENTRY = """\
---
layout: policy
organization: Quay {number}
date announced:
date archived: Feb 04, 2014
url: {url}
credited parents:
---
"""
_SETTINGS = """\
[network]
allow_private_networks = true
per_host_interval = 0
second_opinion = 0

[wayback]
enabled = false
"""


@dataclass(frozen=True)
class Policy:
    """A policy's paragraphs, before it was heavily altered and since."""

    before: list[str]
    now: list[str]


def policies(count: int, seed: int) -> list[Policy]:
    """So many policies; the same for the same seed."""
    return [_policy(Random(f"{seed}-{number}"), number) for number in range(count)]


def _policy(random: Random, number: int) -> Policy:
    text = prose.body(random, f"Quay {number}", f"quay{number}@quay.example", LENGTH)
    while len(text) < LENGTH:
        text += "\n\n" + prose.paragraph(random)
    now = [" ".join(part.split()) for part in text.split("\n\n") if part.strip()]
    return Policy([_altered(random, part) for part in now], now)


def _altered(random: Random, part: str) -> str:
    return part if random.random() < KEPT else prose.paragraph(random)


def page(paragraphs: list[str], number: int) -> str:
    """A page of about 55 kB that shows them in its `main`, between menus, scripts and a footer."""
    body = "\n".join(f'<p class="text block">{escape(one)}</p>' for one in paragraphs)
    return (
        f"<!doctype html><html lang=en><head><title>Quay {number}</title><script>{_SCRIPT}</script>"
        f"</head><body><nav><ul>{_MENU}</ul></nav><main><h1>Quay {number}</h1>{body}</main>"
        f"<footer><ul>{_MENU}</ul></footer></body></html>"
    )


def show(folder: Path, made: list[Policy]) -> None:
    """Write the pages."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, one in enumerate(made):
        (folder / name(number)).write_text(page(one.now, number), encoding="utf-8")


def name(number: int) -> str:
    return f"quay-{number:03}.html"


def archive(folder: Path, made: list[Policy], port: int, *, with_text: bool) -> None:
    """An archive of entries on these pages, with the texts of before, or without any."""
    (folder / "entries").mkdir(parents=True)
    (folder / "archivist.toml").write_text(_SETTINGS)
    for number, one in enumerate(made):
        head = _ENTRY.format(number=number, url=f"http://127.0.0.1:{port}/{name(number)}")
        body = "\n" + "\n\n".join(one.before) + "\n" if with_text else ""
        path = folder / f"entries/quay-{number:03}.md"
        path.write_text(head + body, encoding="utf-8")
    for command in (["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "-m", "Begin"]):
        subprocess.run(["git", *command], cwd=folder, env=environment(), check=True)


def collection(folder: Path, made: list[Policy], port: int) -> None:
    """A collection of Open Terms Archive that declares these pages."""
    (folder / "declarations").mkdir(parents=True)
    for number in range(len(made)):
        url = f"http://127.0.0.1:{port}/{name(number)}"
        terms = {"fetch": url, "select": "main", "executeClientScripts": False}
        document = {"name": f"Quay {number}", "terms": {"Terms of Service": terms}}
        (folder / f"declarations/Quay {number:03}.json").write_text(json.dumps(document))
