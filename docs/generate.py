"""Write the pages that are made from the code: rules.md, cli.md, parts of entries.md, export.md."""

from __future__ import annotations

import json
from pathlib import Path

from archivist.cli import COMMANDS, command_parser, top_parser
from archivist.exporting.tables import as_markdown as tables
from archivist.formats.rules import as_markdown
from archivist.rules import RULES
from archivist.schema import SUFFIX, built_in_folder

FOLDER = Path(__file__).parent
_CLI = """\
# Command line

Options of every command stand before or after it. Results go to stdout, everything said about the
work to stderr. `NO_COLOR` is respected.

| exit code | means |
|---|---|
| 0 | nothing to report; warnings alone count as nothing, unless `--strict` |
| 1 | something was found |
| 2 | no answer: a mistake on the command line, in the settings, or on the machine |
| 130 | interrupted |

## Machine output

`--format json` is one object with `"version": 1`. Keys are only ever added, lists are sorted, paths
are relative to the archive with `/`. Everything that is not ASCII is escaped.

| command | keys |
|---|---|
| `check` | `diagnostics`: a list of `code`, `severity` (`error`, `warning`), `message`, `path`, `line`, `column`, `end_line`, `end_column`, `entry`, `hint`, `fixable`, `fix` (`title`, `applicability`, `edits` with `start`, `end`, `text`) · `fixed`: a list of `path`, `code`, `count` · `summary`: `entries`, `errors`, `warnings`, `baseline` |
| `blame` | `entry` · `sentences`: a list of `text`, `line`, `rev` and `archived` of the version in which it first stood, `alike` (0 to 1: that wording against this), `reworded`, `returned` (`rev`, `archived`, or null), `origin` (`entry`, `rev`, `archived`, `alike`; null without `--across`) |
| `diff` | `a`, `b`: `entry`, `path`, `rev`, `archived` · `front_matter`: a list of `key`, `from`, `to` · `hunks`: a list of `op` (`equal`, `insert`, `delete`), `text`, and `move` (a number) for what moved; the texts of all but the inserts, joined, are A's, of all but the deletes B's · `similarity` (0 to 1) · `summary`: `added`, `removed`, `moved`, `kept` words |
| `import` | `results`: a list of `entry`, `outcome` (`imported`, `updated`, `unchanged`, `left out`, `failed`), `reason`, `source`, `path`, `versions` · `summary`: counts |
| `history` | `versions`, newest first: a list of `entry`, `rev` (null: not committed), `committed`, `archived` and `announced` (`2014-02-06`, `2014-02` or `2014`; null: not known), `author`, `kind` (`added`, `text`, `metadata`, `whitespace`, `renamed`, `removed`, `restored`), `path`, `words` (of this text; 0 for a removal), `added`, `removed` (null: a text cannot be read), `subject`, `origin`, `alike`, `returns_to`, `blob`, `readable`, `trailers` (`key`, `value`) · `oscillations`: a list of `entry`, `first`, `second`, `turns` · `complete` · `notes`. `jsonl` has a version a line; `csv` leaves out `trailers` |
| `show` | `found`, `next`: as one of `versions` · `archived_later` · `doubt`: as one of `versions`, which may have stood there and cannot be read · `text` |
| `search` | `results`: a list of `entry`, `first` and `last` (as one of `versions`), `versions`: a count, `excerpt` · `notes` |
| `snapshot` | `results`, by path: a list of `entry`, `outcome` (`recorded`, `unchanged`, `refused`, `failed`), `reason`, `hint`, `objections` (`name`, `reason`, `hint`), `path`, `url`, `final_url`, `status`, `commit`, `archived`, `announced`, `added`, `removed`, `evidence`, `extractor`, `wayback`; with `--dry-run` also `difference`, as `diff` has it · `dry_run` · `summary`: `entries`, `left_out`, and a count for each outcome |
| `backfill` | `entry`, `source` · `results`, oldest first: a list of `entry`, `outcome` (`recovered`, `unchanged`, `refused`, `missing`), `name` (by which it can be accepted), `reason`, `captured`, `memento`, `added`, `removed`, `rev` · `summary`: counts of outcomes, `listed`, `others` (counts by what they are), `left` · `complete`, `known`, `note`, `written` |
| `verify` | `results`, by entry, oldest first: a list of `entry`, `path`, `outcome` (`proven`, `unproven`, `broken`, `unrecorded`), `reason`, `rev`, `captured`, `findings` (`name`, `message`), `unproven`, `unknown` · `repository`: a list of `name`, `message` · `summary`: counts · `complete` |
| `rule` | `rules`: a list of `code`, `name`, `severity`, `requirement`, `explanation`, `bad`, `good` |

Lines and columns count from 1, lines end at LF only, columns are Unicode code points; `end_column`
stands behind the last character. Offsets of edits count code points from the file's beginning.

`check` also writes `sarif` (2.1.0, for code scanning), `github` (annotations of a workflow) and
`junit`.
"""  # noqa: E501 -- a row of a table is a line


def pages() -> dict[str, str]:
    """The generated pages, by file name."""
    return {
        "rules.md": as_markdown(RULES.values()),
        "cli.md": _cli(),
        "entries.md": _within("entries.md", "keys", _keys()),
        "export.md": _within("export.md", "tables", tables()),
    }


def _within(name: str, what: str, generated: str) -> str:
    """A page, with what stands between its two marks made anew."""
    begin, end = f"<!-- {what}: generated -->", f"<!-- end of {what} -->"
    before, _, rest = (FOLDER / name).read_text(encoding="utf-8").partition(begin)
    return f"{before}{begin}\n{generated}\n{end}{rest.partition(end)[2]}"


def _cli() -> str:
    parts = [_CLI, f"```text\n{top_parser().format_help()}```\n"]
    parts += [
        f"## {name}\n\n```text\n{command_parser(name).format_help()}```\n" for name in COMMANDS
    ]
    return "\n".join(parts)


def _keys() -> str:
    documents = {
        path.name.removesuffix(SUFFIX): json.loads(path.read_text(encoding="utf-8"))
        for path in sorted(built_in_folder().glob(f"*{SUFFIX}"))
    }
    every = {key: about for one in documents.values() for key, about in one["properties"].items()}
    lines = ["| key | means | layouts |", "|---|---|---|"]
    for key in documents["coc"]["properties"]:
        layouts = [name for name, one in documents.items() if key in one["properties"]]
        listed = "all" if len(layouts) == len(documents) else ", ".join(layouts)
        example = next((one for one in every[key]["examples"] if isinstance(one, str)), "")
        lines.append(f"| `{key}` | {every[key]['description']} E.g. `{example}`. | {listed} |")
    return "\n".join(lines)


if __name__ == "__main__":
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
