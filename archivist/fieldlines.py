"""The lines between the fences: text → fields and flaws. Never raises, whatever the text holds."""

from __future__ import annotations

import re

from archivist.diagnostic import Applicability, Edit, Finding, Fix
from archivist.frontmatter import Field, Flaw, Scalar, quote_edit
from archivist.yamlreading import Misreading, YamlText, certain_text, is_plain, quoted, read_field

# key, blanks and all, colon, blanks, value, blanks; a key begins with a letter and has no colon.
FIELD = re.compile(
    r"([^\W\d_][^:\n#]{0,200}):"
    r"(?:([ \t]*)\r?$|([ \t]+)([^ \t\r\n](?:[^\n]*[^ \t\r\n])?)([ \t]*)\r?$)"
)
_USUAL = re.compile(r"([A-Za-z][A-Za-z_-]{0,30}(?: [A-Za-z_-]{1,30}){0,3}): (\S[^\n]*(?<=\S))\n")
# A key with a value, or with items that are indented alike: YAML reads these lines, if the values.
_USUAL_LINES = re.compile(r"[A-Za-z][A-Za-z_ -]*+:( |\n *- )\S[^\n]*+(?:\1\S[^\n]*+)*+\n?")
ITEM = re.compile(
    r"([ \t]*)-(?:([ \t]*)\r?$|([ \t]+)([^ \t\r\n](?:[^\n]*[^ \t\r\n])?)([ \t]*)\r?$)"
)
REMARK = re.compile(r"(?:[ \t]*(?:#[^\n]*)?\r?\n){1,500}")  # blank lines and remarks
_UNREADABLE = re.compile("[\x80-\x9f\u2028\u2029\ufffe\uffff]")
_UNDECODED = re.compile("[\udc80-\udcff]")  # bytes that are not UTF-8
CONFLICT = (  # what is wrong, and what to do
    "this is the mark of a merge conflict",
    "keep the lines of one side, and remove the marks",
)
_CONFLICT_MARKS = ("<<<<<<< ", "=======", ">>>>>>> ")
_GLUED = re.compile(r"([^\W\d_][\w -]{0,40}):(?=[^\s/])")


class FieldLines:
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
        if not self.text[self.place : self.end].isascii():
            self._find_unreadable()
        while self.place < self.end:
            if not self._read_usual_fields():
                stop = self.text.find("\n", self.place, self.end)
                self._read_line(self.place, self.end if stop < 0 else stop)
        self._end_bad_lines()
        if self.strays:
            self._report_strays()
        return tuple(self.fields), tuple(self.flaws)

    def _read_usual_fields(self) -> bool:
        """Read the fields that stand next and are written as nearly all are: a shortcut.

        False if the next line is none of them.
        """
        if self.bad is not None:
            return False
        first = self.place
        while match := _USUAL.match(self.text, self.place, self.end):
            key, value = match.groups()
            if not is_plain(value) or key in self.keys:
                break
            start, self.place = self.place, match.end()
            colon = start + len(key)
            raw = (colon + 2, colon + 2 + len(value))
            values = (Scalar(value, *raw),)
            field = Field(key, start, colon, start, self.place, values, False, raw)
            self.keys[key] = field
            self.fields.append(field)
        return self.place > first

    def _read_line(self, start: int, stop: int) -> None:
        self.place = min(stop + 1, self.end)
        match = FIELD.match(self.text, start, stop)
        if match:
            self._end_bad_lines()
            self._read_field(match, start)
        elif stop == start or self.text[start] == "#":
            return
        elif self.text[start:stop].strip(" \t\r"):
            self._read_other(start, stop)
        elif self.text[start] in " \t":
            self._stray(start, start + len(self.text[start:stop].rstrip("\r")), "")

    def _read_field(self, match: re.Match[str], start: int) -> None:
        before, only_blanks, blanks, value, trailing = match.groups()
        key, colon = before.rstrip(" \t"), match.end(1)
        if value is None:
            at = colon + 1
            scalars: tuple[Scalar, ...] = (Scalar("", at, at),)
            if only_blanks:
                self._stray(at, match.end(2), "")
            items = self._read_items()
        else:
            scalars, items = (Scalar(value, match.start(4), match.end(4)),), ()
            if blanks != " ":
                self._stray(match.start(3), match.end(3), " ")
            if trailing:
                self._stray(match.start(5), match.end(5), "")
        if len(key) < len(before):
            self._stray(start + len(key), colon, "")
        end = start + len(key)
        values = items or scalars
        raw = (values[0].start if value else colon + 1, values[-1].end)
        lead = "" if value else " "
        field = Field(key, start, end, start, self.place, values, bool(items), raw, lead)
        self._add(self._as_yaml_reads(field))

    def _read_items(self) -> tuple[Scalar, ...]:
        """The `- item` lines that follow a key without a value."""
        items = []
        while self.place < self.end:
            remark = REMARK.match(self.text, self.place, self.end)
            begin = remark.end() if remark else self.place
            stop = self.text.find("\n", begin, self.end)
            stop = self.end if stop < 0 else stop
            match = ITEM.match(self.text, begin, stop)
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
        if not field.is_list and (values == [""] or is_plain(values[0])):
            return field
        texts = [text for value in values if (text := certain_text(value)) is not None]
        if len(texts) == len(values) and _USUAL_LINES.fullmatch(self.text, field.start, field.end):
            read = zip(texts, field.values, strict=True)
            return field._replace(values=tuple(Scalar(text, *one[1:]) for text, one in read))
        chunk = self.text[field.start : field.end].replace(
            "\t", " "
        )  # tabs have a rule of their own
        reading = read_field(chunk, [value.replace("\t", " ") for value in values])
        if isinstance(reading, Misreading):
            if _UNDECODED.search(chunk):
                return field  # the file is not UTF-8, and F111 says it
            self.flaws.append(_misread(field, reading))
            return field
        scalars = tuple(
            Scalar(one.value, field.start + one.start, field.start + one.end) for one in reading
        )
        is_list = field.is_list or values[0].startswith("[")
        return field._replace(values=scalars, is_list=is_list)

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
        elif self._is_indented_field(start, stop):
            self._end_bad_lines()
            begin = start + len(self.text[start:stop]) - len(self.text[start:stop].lstrip(" \t"))
            edit = Edit(start, begin, "")
            fix = Fix("remove the blanks before the key", (edit,), Applicability.UNSAFE)
            message = "a key must stand at the beginning of its line"
            self.flaws.append(Flaw("not-a-field", Finding(start, begin, message, fix=fix)))
        else:
            self.bad = (self.bad[0] if self.bad else start, stop)

    def _is_indented_field(self, start: int, stop: int) -> bool:
        line = self.text[start:stop]
        return line[:1] in " \t" and self.bad is None and bool(FIELD.match(line.lstrip(" \t")))

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
        hint: str | None = None
        if first.startswith(_CONFLICT_MARKS):
            message, hint = CONFLICT
        indent = len(first) - len(first.lstrip())
        self.flaws.append(Flaw("not-a-field", Finding(start + indent, stop, message, hint)))

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

    def _find_unreadable(self) -> None:
        """What YAML takes for a line's end, or refuses, wherever it stands."""
        for match in _UNREADABLE.finditer(self.text, self.place, self.end):
            message = f"YAML cannot read U+{ord(match[0]):04X} in front matter"
            self.flaws.append(Flaw("yaml-misreads", Finding(*match.span(), message)))

    def _find_tabs(self) -> None:
        spans = [
            match.span() for match in re.compile(r"\t+").finditer(self.text, self.place, self.end)
        ]
        edits = [Edit(a, b, "" if self.text[a - 1] == "\n" else " ") for a, b in spans]
        more = f"there are {len(spans)} in all" if len(spans) > 1 else None
        fix = Fix("write blanks", tuple(edits))
        message = "front matter must not contain tabs"
        self.flaws.append(Flaw("tab", Finding(*spans[0], message, more, fix)))


def _misread(field: Field, reading: Misreading) -> Flaw:
    """The flaw of a field that YAML reads otherwise; of a list, the first item that it does."""
    scalar = field.values[0]
    if field.is_list:
        found = ((one, _alone(one.text)) for one in field.values if one.text)
        scalar, reading = next(
            ((one, alone) for one, alone in found if isinstance(alone, Misreading)),
            (Scalar("", *field.span), reading),
        )
        blank = next((one for one in field.values if not one.text), None)
        if blank and not scalar.text:
            message = "an item of a list must not be blank"
            finding = Finding(blank.start, blank.end, message, "remove the line, or name something")
            return Flaw("yaml-misreads", finding)
    fix = None
    if _can_be_quoted(scalar.text):
        fix = Fix("quote the value", (quote_edit(scalar, scalar.text),))
    hint = "quote the value" if fix else None
    finding = Finding(scalar.start, scalar.end, f"YAML {reading.reason} here", hint, fix)
    return Flaw("yaml-misreads", finding)


def _alone(text: str) -> list[YamlText] | Misreading:
    return read_field(f"key: {text}\n", [text])


def _can_be_quoted(text: str) -> bool:
    """True if quotes make YAML read just this, and nothing hints at more than a plain text."""
    if not text or text[0] in "[{|>":
        return False
    if text[0] in "\"'" and (text[-1] == text[0] or text.count(text[0]) < 2):
        return False  # quotes that were meant to be quotes
    reading = _alone(quoted(text))
    return isinstance(reading, list) and [one.value for one in reading] == [text]
