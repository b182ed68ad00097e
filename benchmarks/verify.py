"""What a proof costs: an archive of captured versions, proved by one process and by all cores.

python -m benchmarks.verify --entries 100 --versions 8 --runs 5
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from archivist.capturing.evidence import evidence_of, path_of
from archivist.capturing.extractor import extractor_of
from archivist.capturing.provenance import Exhibit, Provenance, moment
from archivist.capturing.recording import NewVersion, record
from archivist.capturing.texts import body_digest, body_of
from archivist.extraction import Extraction, extract
from archivist.repository import Repository
from archivist.repository.recording import Recorder
from archivist.repository.standing import standing
from archivist.warc import Hop, digest
from benchmarks import prose
from benchmarks.measuring import Tool, environment, progress, side_by_side
from benchmarks.snapshot.made import page, policies
from benchmarks.tables import machine, table

_HTML = "text/html; charset=utf-8"
_BEGIN = datetime(2025, 1, 1, tzinfo=UTC)


def archive(root: Path, entries: int, versions: int, seed: int) -> None:
    """An archive of captures: of each entry so many versions, a paragraph apart."""
    (root / "entries").mkdir(parents=True)
    for words in (["init", "--quiet"], ["commit", "--quiet", "--allow-empty", "-m", "Begin"]):
        subprocess.run(["git", *words], cwd=root, check=True, env=environment())
    with Recorder(standing(Repository(root))) as recorder:
        for number, policy in enumerate(policies(entries, seed)):
            progress(f"entry {number + 1} of {entries}")
            for version in _versions(policy.now, number, versions, seed):
                when = datetime.fromisoformat(version.provenance.captured)
                record(recorder, version, written=when, committed=when)


def _versions(paragraphs: list[str], number: int, count: int, seed: int) -> Iterator[NewVersion]:
    random, name, parts = Random(f"{seed}-{number}"), f"quay-{number}", list(paragraphs)
    url = f"http://{name}.example/conduct"
    for turn in range(count):
        parts[random.randrange(len(parts))] = prose.paragraph(random)
        when, data = _BEGIN + timedelta(days=turn), page(parts, number).encode()
        made = extract(data, _HTML, address=url)
        if not isinstance(made, Extraction):
            raise RuntimeError(made.reason)
        tool = extractor_of(made.kind)
        hop = Hop(url, moment(when), "200 OK", (("Content-Type", _HTML),), data)
        evidence, body = evidence_of([hop], made.text, tool), body_of(made.text)
        front = (
            f"---\nlayout: policy\norganization: Quay {number}\ndate announced:\n"
            f"date archived: {when:%b %d, %Y}\nurl: {url}\n---\n"
        )
        said = Provenance(
            name,
            source=url,
            captured=moment(when),
            text=body_digest(body),
            evidence=Exhibit(path_of(name), digest(evidence)),
            extractor=tool,
        )
        path, text = f"entries/{name}.md", f"{front}{body}".encode()
        yield NewVersion(path, text, said, f"Record {name}", evidence)


def _git() -> str:
    done = subprocess.run(["git", "--version"], capture_output=True, check=True, text=True)
    return done.stdout.strip()


def main() -> None:
    """Make the archive, prove it, print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    for name, usual in (("entries", 100), ("versions", 8), ("runs", 5), ("seed", 5)):
        parser.add_argument(f"--{name}", type=int, default=usual)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="archivist-bench-") as folder:
        root = Path(folder) / "archive"
        archive(root, args.entries, args.versions, args.seed)
        command = (sys.executable, "-m", "archivist", "verify", "--no-fsck")
        tools = [
            Tool("by one process", root, ((*command, "--jobs", "1"),)),
            Tool("as it comes", root, (command,)),
        ]
        results = side_by_side(tools, args.runs)
    rows = []
    for one in results:
        used = one.median
        rows.append([one.tool.name, f"{used.cpu:.2f}", f"{used.wall:.2f}", f"{used.peak:.0f}"])
    title = f"A proof of {args.entries * args.versions} versions of {args.entries} entries"
    print(table(title, ["`archivist verify --no-fsck`", "CPU s", "wall s", "peak MB"], rows))
    print(machine([_git()]))


if __name__ == "__main__":
    main()
