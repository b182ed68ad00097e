"""The grammar of front matter: text → fields and flaws. Never raises, whatever the text holds."""

from __future__ import annotations

import re

from archivist.diagnostic import Applicability, Edit, Finding, Fix
from archivist.frontmatter import FENCE, MAX_LENGTH, Field, Flaw, FrontMatter, Scalar, quote_edit
from archivist.yamlreading import Misreading, is_plain, read_field

BOM = "\ufeff"

# key, blanks, colon, blanks, value, blanks; a key begins with a letter and holds no colon.
_FIELD = re.compile(
    r"([^\W\d_][^:\n#]*?)([ \t]*):(?:([ \t]*)\r?$|([ \t]+)(\S(?:[^\n]*\S)?)([ \t]*)\r?$)"
)
_ITEM = re.compile(r"([ \t]*)-(?:([ \t]*)\r?$|([ \t]+)(\S(?:[^\n]*\S)?)([ \t]*)\r?$)")
_GLUED = re.compile(r"([^\W\d_][\w -]{0,40}):(?=[^\s/])")
_CLOSING = re.compile(r"^---[ \t]*\r?$", re.MULTILINE)
_OPENING = re.compile(rf"{BOM}?---([ \t]*)\r?(?:\n|\Z)")
_LATE_OPENING = re.compile(rf"{BOM}?[ \t\r\n]+(?=---[ \t]*\r?\n)")


def parse(text: str) -> FrontMatter:
    """The front matter of an entry's text, with everything about it that is not well formed."""
    opening = _OPENING.match(text)
    if opening is None:
        return FrontMatter(flaws=(_no_front_matter(text),))
    start = opening.end()
    closing = _CLOSING.search(text, start, start + MAX_LENGTH)
    if closing is None:
        return _unclosed(text, start)
    fields, flaws = _Lines(text, start, closing.start()).read()
    body = text.find("\n", closing.start()) + 1 or len(text)
    return FrontMatter(fields, flaws, start, closing.start(), body)


def _no_front_matter(text: str) -> Flaw:
    late = _LATE_OPENING.match(text)
    fix = None
    if late:
        keep = BOM if text.startswith(BOM) else ""
        fix = Fix("begin with the `---` line", (Edit(0, late.end(), keep),))
    end = text.find("\n") if "\n" in text[:200] else min(len(text), 200)
    finding = Finding(
        0,
        end if late is None else 0,
        f"the first line must be `{FENCE}`, which opens the front matter",
        "an entry begins with `---`, the front matter's `key: value` lines and `---` again",
        fix,
    )
    return Flaw("no-front-matter", finding)


def _unclosed(text: str, start: int) -> FrontMatter:
    closing = _CLOSING.search(text, start)
    if closing is not None:
        message = f"the front matter must not be longer than {MAX_LENGTH // 1024} KiB"
        finding = Finding(start, start, message, "long text belongs into the body")
        body = text.find("\n", closing.start()) + 1 or len(text)
        return FrontMatter((), (Flaw("too-large", finding),), start, closing.start(), body)
    end = _end_of_fields(text, start)
    fields, flaws = _Lines(text, start, end).read()
    line = "" if end == start or text[end - 1] == "\n" else "\n"
    finding = Finding(
        0,
        3,
        f"the front matter must be closed by a line `{FENCE}`",
        fix=Fix(
            "close the front matter behind its last field",
            (Edit(end, end, f"{line}{FENCE}\n"),),
            Applicability.UNSAFE,
        ),
    )
    return FrontMatter(fields, (Flaw("unclosed-front-matter", finding), *flaws), start, end, end)


def _end_of_fields(text: str, start: int) -> int:
    """Where front matter without a closing fence ends: behind the last line that is a field."""
    place = end = start
    while place < min(len(text), start + MAX_LENGTH):
        stop = text.find("\n", place) + 1 or len(text)
        line = text[place : min(stop, place + MAX_LENGTH)].rstrip("\n")
        if _FIELD.match(line) or _ITEM.match(line):
            end = stop
        elif line.strip() and not line.startswith("#"):
            break
        place = stop
    return end


class _Lines:
    """Reads the lines between the fences, one after the other."""

    def __init__(self, text: str, start: int, end: int) -> None:
        self.text = text
        self.place = start
        self.end = end
        self.fields: list[Field] = []
        self.flaws: list[Flaw] = []
        self.strays: list[Edit] = []
        self.keys: dict[str, Field] = {}
        self.bad: tuple[int, int] | None = None

    def read(self) -> tuple[tuple[Field, ...], tuple[Flaw, ...]]:
        """All fields and flaws."""
        if "\t" in self.text[self.place : self.end]:
            self._find_tabs()
        while self.place < self.end:
            stop = self.text.find("\n", self.place, self.end)
            self._read_line(self.place, self.end if stop < 0 else stop)
        self._end_bad_lines()
        if self.strays:
            self._report_strays()
        return tuple(self.fields), tuple(self.flaws)

    def _read_line(self, start: int, stop: int) -> None:
        self.place = min(stop + 1, self.end)
        match = _FIELD.match(self.text, start, stop)
        if match:
            self._end_bad_lines()
            self._read_field(match, start)
        elif self.text[start:stop].strip() and self.text[start] != "#":
            self._read_other(start, stop)
        elif stop > start and self.text[start] != "#":
            self.strays.append(Edit(start, stop, ""))

    def _read_field(self, match: re.Match[str], start: int) -> None:
        key, before_colon, only_blanks, blanks, value, trailing = match.groups()
        colon = match.end(2)
        if value is None:
            at = colon + 1
            scalars: tuple[Scalar, ...] = (Scalar("", at, at),)
            if only_blanks:
                self._stray(at, match.end(3), "")
            items = self._read_items()
        else:
            scalars, items = (Scalar(value, match.start(5), match.end(5)),), ()
            if blanks != " ":
                self._stray(match.start(4), match.end(4), " ")
            if trailing:
                self._stray(match.start(6), match.end(6), "")
        if before_colon:
            self._stray(match.start(2), match.end(2), "")
        field = Field(key, start, match.end(1), start, self.place, items or scalars, bool(items))
        self._add(self._as_yaml_reads(field))

    def _read_items(self) -> tuple[Scalar, ...]:
        """The `- item` lines that follow a key without a value."""
        items = []
        while self.place < self.end:
            stop = self.text.find("\n", self.place, self.end)
            stop = self.end if stop < 0 else stop
            match = _ITEM.match(self.text, self.place, stop)
            if not match:
                break
            self.place = min(stop + 1, self.end)
            if match[4] is None:
                items.append(Scalar("", match.start(2), match.start(2)))
                continue
            items.append(Scalar(match[4], match.start(4), match.end(4)))
            if match[5]:
                self._stray(match.start(5), match.end(5), "")
        return tuple(items)

    def _as_yaml_reads(self, field: Field) -> Field:
        """The field with its values as YAML reads them; a flaw if its lines say something else."""
        values = [scalar.text for scalar in field.values]
        if all(is_plain(value) for value in values) or values == [""]:
            return field
        reading = read_field(self.text[field.start : field.end], values)
        if isinstance(reading, Misreading):
            self.flaws.append(_misread(field, reading))
            return field
        scalars = tuple(
            Scalar(one.value, field.start + one.start, field.start + one.end) for one in reading
        )
        is_list = field.is_list or values[0].startswith("[")
        return Field(
            field.key, field.key_start, field.colon, field.start, field.end, scalars, is_list
        )

    def _add(self, field: Field) -> None:
        first = self.keys.setdefault(field.key, field)
        self.fields.append(field)
        if first is not field:
            line = self.text.count("\n", 0, first.start) + 1
            message = f"`{field.key}` must be given once; it already stands in line {line}"
            self.flaws.append(Flaw("duplicate-key", Finding(field.key_start, field.colon, message)))

    def _read_other(self, start: int, stop: int) -> None:
        glued = _GLUED.match(self.text, start, stop)
        if glued:
            self._end_bad_lines()
            fix = Fix("put a blank behind the colon", (Edit(glued.end(), glued.end(), " "),))
            message = "a blank must stand between the colon and the value"
            self.flaws.append(Flaw("not-a-field", Finding(start, stop, message, fix=fix)))
        else:
            self.bad = (self.bad[0] if self.bad else start, stop)

    def _end_bad_lines(self) -> None:
        """Report a run of lines that are no fields, as one flaw."""
        if self.bad is None:
            return
        start, stop = self.bad
        self.bad = None
        first = self.text[start : self.text.find("\n", start, stop) % (stop + 1)]
        if first[:1] in " \t" and self.fields:
            message = "a value must stand on one line, behind its key"
        else:
            message = "a front matter line must be `key: value`"
        indent = len(first) - len(first.lstrip())
        self.flaws.append(Flaw("not-a-field", Finding(start + indent, stop, message)))

    def _stray(self, start: int, end: int, text: str) -> None:
        if "\t" not in self.text[start:end]:
            self.strays.append(Edit(start, end, text))

    def _report_strays(self) -> None:
        first = self.strays[0]
        lines = {self.text.count("\n", 0, edit.start) for edit in self.strays}
        message = "a front matter line must have one blank behind the colon and none at its end"
        more = f"so have {len(lines) - 1} more lines" if len(lines) > 2 else None
        more = "so has 1 more line" if len(lines) == 2 else more
        fix = Fix("remove stray blanks", tuple(self.strays))
        self.flaws.append(Flaw("stray-blanks", Finding(first.start, first.end, message, more, fix)))

    def _find_tabs(self) -> None:
        for match in re.finditer(r"\t+", self.text[self.place : self.end]):
            start, end = self.place + match.start(), self.place + match.end()
            fix = Fix("write a blank", (Edit(start, end, " "),))
            message = "front matter must not contain tabs"
            self.flaws.append(Flaw("tab", Finding(start, end, message, fix=fix)))


def _misread(field: Field, reading: Misreading) -> Flaw:
    """The flaw of a field that YAML reads otherwise; one value is mended by quoting it."""
    start, end = field.span
    fix = None
    if not field.is_list:
        scalar = field.values[0]
        fix = Fix("quote the value", (quote_edit(scalar, scalar.text),))
    finding = Finding(start, end, f"YAML {reading.reason} here", "quote the value", fix)
    return Flaw("yaml-misreads", finding)
