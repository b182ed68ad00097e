"""The memory of links as a file of JSON lines, one a URL: it diffs well where it is committed.

Verdicts are appended as they come, so that a run that is killed loses nothing; at its end the file
is written anew, sorted, with one line a URL. Of two lines for one URL the later check counts.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from archivist import files
from archivist.errors import FileFailure
from archivist.state.verdicts import Found, LinkMemory
from archivist.verdict import Holding, Hop, Past, Record, Verdict

_LONGEST = 256 << 20  # bytes of a file


class LineMemory(LinkMemory):
    """A memory that is loaded from JSON lines and written back to them."""

    def __init__(self, path: Path) -> None:
        super().__init__(None)
        self._lines = path
        self._load(self._read())

    def remember(self, checked: Sequence[tuple[Record, Sequence[Holding]]]) -> None:
        """Remember records, and append them to the file."""
        super().remember(checked)
        lines = "".join(f"{self._line(record.url)}\n" for record, _ in checked)
        with _locked(self._lines):
            files.append(self._lines, lines.encode())

    def close(self) -> None:
        """Write the file anew: sorted, and with what others have appended meanwhile."""
        with _locked(self._lines):
            self._load(self._read())
            urls = [url for (url,) in self.select("SELECT url FROM link ORDER BY url")]
            lines = [self._line(url) for url in urls]
            found = self.select("SELECT * FROM found ORDER BY url, day")
            lines += [json.dumps({"found": list(row)}, ensure_ascii=False) for row in found]
            files.write(self._lines, "".join(f"{line}\n" for line in lines).encode())
        super().close()

    def _line(self, url: str) -> str:
        record = self.record(url)
        assert record is not None
        document: dict[str, Any] = {
            key: value for key, value in record._asdict().items() if value not in ("", 0, ())
        }
        document["held"] = {one.path: [one.share, one.digest] for one in self.holdings(url)}
        document["past"] = [list(one) for one in self.past(url)]
        return json.dumps(document, ensure_ascii=False, sort_keys=True)

    def _read(self) -> Iterator[dict[str, Any]]:
        if not self._lines.exists():
            return
        try:
            data = files.read_bounded(self._lines, _LONGEST)
        except OSError as error:
            raise FileFailure(f"cannot read {self._lines}: {error.strerror}") from error
        if data is None:
            raise FileFailure(f"{self._lines} is too large")
        *lines, rest = data.decode("utf-8", "replace").split("\n")
        for number, line in enumerate([*lines, rest], 1):
            try:
                document = json.loads(line) if line else {}
            except (ValueError, RecursionError) as error:
                if line is rest:
                    continue  # a run was killed while it wrote this line
                raise FileFailure(f"{self._lines}:{number} is no JSON") from error
            if isinstance(document, dict):
                yield document

    def _load(self, documents: Iterable[dict[str, Any]]) -> None:
        with self.batch():
            for document in documents:
                try:
                    self._take(document)
                except (TypeError, ValueError, KeyError, AttributeError) as error:
                    raise FileFailure(
                        f"{self._lines} has a line that archivist did not write",
                        f"it is about {str(document.get('url'))[:200]}",
                    ) from error

    def _take(self, document: dict[str, Any]) -> None:
        if "found" in document:
            self.note_found(Found(*document["found"]))
        elif "url" in document:
            held = document.pop("held", {})
            past = document.pop("past", [])
            document["verdict"] = Verdict(document["verdict"])
            document["hops"] = tuple(Hop(*hop) for hop in document.get("hops", ()))
            record = Record(**document)
            known = self.record(record.url)
            if known is None or known.checked < record.checked:
                holdings = [Holding(path, *one) for path, one in held.items()]
                self.take(record, holdings, [Past(Verdict(one[0]), *one[1:]) for one in past])


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with files.locked(path.parent):
        yield
