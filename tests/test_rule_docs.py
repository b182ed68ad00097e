"""Every rule is documented, and what its documentation shows is true."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from archives import TODAY, Archive, File, unescape

from archivist.checking import policy_of
from archivist.diagnostic import Diagnostic, Severity
from archivist.formats.rules import as_markdown
from archivist.inspection import FolderSource
from archivist.rules import RULES, Rule
from archivist.schema import Schemas
from archivist.workspace import Workspace

DOCS = Path(__file__).parent.parent / "docs" / "rules.md"
# What these rules forbid is no text: their examples describe it.
DESCRIBED = {"F113", "F114", "F115"}
EXAMPLES = [code for code in sorted(RULES) if code not in DESCRIBED]
# What else must be wrong where a rule is broken.
CONSEQUENCES = {
    "B702": {"K202"},  # an entry has keys that a stub has not
    "F111": {"F105"},  # YAML cannot read such characters at all
    "F112": {"F105"},
}

_SCHEMAS = Schemas()
_ANOTHER_FILE = re.compile(r"# (entries/\S+\.md)")
_FIELD = re.compile(r"([a-z][a-z ]*?) *:")
_OF_TEXT = ("B", "C")


def keys_of(layout: str) -> tuple[str, ...]:
    schema = _SCHEMAS.get(layout)
    assert schema is not None
    return schema.keys


def as_field(line: str) -> str | None:
    """The key, if a line of an example is a field that an entry may have."""
    match = _FIELD.match(line)
    return match[1] if match and match[1] in keys_of("coc") else None


@dataclass
class Sketch:
    """The lines of one file in an example. What they leave out is filled in, so that the file is
    a whole entry with nothing wrong but what the lines say.
    """

    path: str
    lines: list[str] = field(default_factory=list)

    def text(self, code: str) -> str:
        shown = "".join(f"{line}\n" for line in self.lines)
        if unescape(shown).lstrip("\ufeff").startswith("---") or code == "F101":
            return shown
        if code[0] in _OF_TEXT and not any(as_field(line) for line in self.lines):
            return self._whole([], self.lines)
        blank = self.lines.index("") if "" in self.lines else len(self.lines)
        return self._whole(self.lines[:blank], self.lines[blank + 1 :])

    def _whole(self, front: list[str], body: list[str]) -> str:
        front, is_stub = self._filled(front)
        if not body and not is_stub:
            body = [f"The text of {self.path}."]
        text = "".join(f"{line}\n" for line in ("---", *front, "---"))
        return text + "".join(f"{line}\n" for line in ("", *body)) if body else text

    def _filled(self, front: list[str]) -> tuple[list[str], bool]:
        """The lines with what a valid entry needs besides, at its place; True for a stub."""
        given = [as_field(line) for line in front]
        is_stub = "layout: source" in front
        name = self.path.rpartition("/")[2].removesuffix(".md")
        needed = {
            "layout": "layout: coc",
            "organization": f"organization: {name}",
            "date archived": "date archived: Feb 04, 2014",
            "url": f"url: https://{name.lower()}.example/conduct",
        }
        if is_stub:
            del needed["date archived"]
        if "conference" in given:
            del needed["organization"]
        order = keys_of("coc")
        filled = list(front)
        for key, line in needed.items():
            if key in given:
                continue
            place = next(
                (
                    place
                    for place, other in enumerate(filled)
                    if (found := as_field(other)) and order.index(found) > order.index(key)
                ),
                len(filled),
            )
            filled.insert(place, line)
        return filled, is_stub


def archive_of_example(code: str, example: str) -> Archive:
    """The archive that an example shows."""
    sketches = [Sketch("entries/an-entry.md")]
    for line in example.split("\n"):
        if match := _ANOTHER_FILE.fullmatch(line):
            sketches.append(Sketch(match[1]))
        else:
            sketches[-1].lines.append(line)
    return Archive(
        {
            one.path: File(unescape(one.text(code)).encode("utf-8", "surrogateescape"))
            for one in sketches
            if one.lines
        }
    )


def check(archive: Archive, folder: Path) -> tuple[Diagnostic, ...]:
    source = FolderSource(Workspace(archive.write(folder)))
    return source.inspect(policy_of(source.settings.check), TODAY).found


@pytest.mark.parametrize("code", EXAMPLES)
def test_the_bad_example_breaks_the_rule_and_the_good_one_keeps_it(
    code: str, tmp_path: Path
) -> None:
    rule = RULES[code]
    bad = check(archive_of_example(code, rule.bad), tmp_path / "bad")
    good = check(archive_of_example(code, rule.good), tmp_path / "good")
    assert code in {one.code for one in bad}
    assert code not in {one.code for one in good}
    errors = {one.code for one in good if one.severity is Severity.ERROR}
    assert not errors - {one.code for one in bad}, good


@pytest.mark.parametrize("code", EXAMPLES)
def test_the_bad_example_breaks_little_else(code: str, tmp_path: Path) -> None:
    found = check(archive_of_example(code, RULES[code].bad), tmp_path)
    others = {one.code for one in found if one.severity is Severity.ERROR} - {code}
    assert others <= CONSEQUENCES.get(code, set()), found


@dataclass(frozen=True)
class _Described:
    """Files that break a rule, and files that keep it."""

    bad: Archive
    good: Archive


def described(code: str) -> _Described:
    entry = b"---\nlayout: coc\nconference: Lantern\ndate archived: Feb 04, 2014\n---\n\nBe kind.\n"
    good = Archive({"entries/lantern.md": File(entry)})
    comment = RULES["F113"].bad.partition("\n")[0]
    line, _, times = comment.partition(" ×")
    bad = {
        "F113": File(entry.replace(b"---\n", b"---\n" + f"{line}\n".encode() * int(times or 0), 1)),
        "F114": File(link=RULES["F114"].bad.partition(" → ")[2]),
        "F115": File(entry),
    }
    name = "entries/lantern.txt" if code == "F115" else "entries/lantern.md"
    return _Described(Archive({name: bad[code]}), good)


@pytest.mark.parametrize("code", sorted(DESCRIBED))
def test_the_files_that_an_example_describes_break_the_rule(code: str, tmp_path: Path) -> None:
    files = described(code)
    assert [one.code for one in check(files.bad, tmp_path / "bad")] == [code]
    assert check(files.good, tmp_path / "good") == ()


def test_a_file_of_more_than_a_mebibyte_is_not_read(tmp_path: Path) -> None:
    entry = described("F113").good.files["entries/lantern.md"].data
    limit = 1 << 20
    whole = entry + b"x" * (limit - len(entry) - 1) + b"\n"
    for size, data in (("just", whole), ("over", whole + b"\n")):
        found = check(Archive({"entries/lantern.md": File(data)}), tmp_path / size)
        assert [one.code for one in found] == (["F113"] if size == "over" else [])


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_a_rule_is_documented(rule: Rule) -> None:
    assert rule.requirement.endswith(".")
    assert ". " not in rule.requirement.replace("`. ", "` "), "one sentence"
    assert rule.explanation
    assert rule.bad
    assert rule.good
    assert rule.bad != rule.good
    assert "\n\n\n" not in rule.explanation


def test_codes_and_names_are_of_one_form() -> None:
    assert all(re.fullmatch(r"[A-Z][0-9]{3}", code) for code in RULES)
    names = [rule.name for rule in RULES.values()]
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", name) for name in names)
    assert len(set(names)) == len(names)


def test_the_page_of_rules_is_up_to_date() -> None:
    assert DOCS.read_text(encoding="utf-8") == as_markdown(RULES.values())


def test_the_page_names_every_rule_and_links_to_it() -> None:
    page = as_markdown(RULES.values())
    for rule in RULES.values():
        assert f"\n### {rule.code} {rule.name}\n" in page
        assert f"[{rule.code}](#{rule.code.lower()}-{rule.name})" in page
