"""A difference as a page of its own: readable in light and dark, and on a narrow screen."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape as quoted

from archivist.console import escape
from archivist.difference import Difference, FieldChange
from archivist.formats.diff.rows import Piece, Row, folded
from archivist.states import State

_PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<main>
<h1>{title}</h1>
{body}
</main>
</body>
</html>
"""
_STYLE = """
:root { color-scheme: light dark; --ink: #1b1b1b; --paper: #fff; --soft: #666; --line: #ddd;
  --gone: #8f1d14; --gone-back: #fde8e6; --new: #11572b; --new-back: #e0f4e6;
  --move: #6b4a00; --move-back: #fdf2d0; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e6e6; --paper: #161616; --soft: #a0a0a0;
  --line: #3a3a3a; --gone: #ffb4ab; --gone-back: #47201d; --new: #a4e5b8; --new-back: #17391f;
  --move: #f5d78a; --move-back: #3d3110; } }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 1.05rem/1.6 system-ui, sans-serif; }
main { max-width: 44rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; overflow-wrap: anywhere; }
h1 { font-size: 1.3rem; line-height: 1.3; }
del { color: var(--gone); background: var(--gone-back); }
ins { color: var(--new); background: var(--new-back); text-decoration-thickness: 1px; }
/* A paragraph that came or went as a whole has a sign and a line beside it: strokes through and
   under long texts are hard to read. */
.whole { border-left: 3px solid; padding-left: .7rem; }
.whole > * { text-decoration: none; }
.whole.gone { color: var(--gone); border-left-style: double; }
.whole.new { color: var(--new); }
.gone::before { content: "− "; } .new::before { content: "+ "; }
.item { margin-left: 1.6rem; text-indent: -.9rem; }
.item.whole { margin-left: .7rem; padding-left: 2.2rem; text-indent: -1.5rem; }
.move { color: var(--move); background: var(--move-back); }
.move a { color: inherit; font-size: .8em; }
.out { color: var(--soft); font-size: .85rem; border-top: 1px dotted var(--line);
  border-bottom: 1px dotted var(--line); text-align: center; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; margin: 1rem 0; }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem .3rem 0;
  border-bottom: 1px solid var(--line); }
th { font-weight: 600; overflow-wrap: normal; }
@media (max-width: 34rem) {
  tr:first-child { display: none; }
  th, td { display: block; padding-right: 0; }
  th { border: 0; padding-bottom: 0; }
  th + td { border: 0; padding-bottom: 0; }
  td:empty { padding: 0; }
}
"""


def render(found: Difference, *, context: int | None = 12) -> str:
    """The page. Everything that comes from a text is escaped; nothing is loaded or run."""
    parts = [f"<p><del>{_name(found.a)}</del><br><ins>{_name(found.b)}</ins></p>"]
    if found.fields:
        rows = "\n".join(map(_field, found.fields))
        parts.append(f"<table>\n<tr><th>Key</th><th>Was</th><th>Is</th></tr>\n{rows}\n</table>")
    count = found.text.count
    parts.append(
        f"<p>{_words(count.added)} added, {count.removed} removed, {count.moved} moved; "
        f"{100 * found.text.similarity:.0f} % of the words are the same.</p>"
    )
    if not found.text.is_same:
        parts += _paragraphs(folded(found.text, context))
    title = _safe(f"{found.a.name} → {found.b.name}")
    return _PAGE.format(title=title, style=_STYLE, body="\n".join(parts))


def _words(count: int) -> str:
    return f"{count} word{'' if count == 1 else 's'}"


def _name(state: State) -> str:
    when = f", archived {state.entry.value('date archived')}" if state.archived else ""
    return _safe(f"{state.name}{when}")


def _field(change: FieldChange) -> str:
    old = "" if change.old is None else f"<del>{_safe(change.old)}</del>"
    new = "" if change.new is None else f"<ins>{_safe(change.new)}</ins>"
    return f"<tr><th>{_safe(change.key)}</th><td>{old}</td><td>{new}</td></tr>"


def _paragraphs(rows: list[Row]) -> Iterator[str]:
    named: set[str] = set()
    for row in rows:
        if row.rows:
            plural = "s" if row.rows > 1 else ""
            yield f'<p class="out">{row.rows} paragraph{plural}, {_words(row.words)} unchanged</p>'
        else:
            pieces = "".join(_piece(piece, named) for piece in row.pieces)
            yield f"<p{_classes(row)}>{pieces}</p>"


def _classes(row: Row) -> str:
    """What a paragraph is: an item of a list, one that came or went as a whole."""
    found = ["item"] if row.pieces[0].text.lstrip().startswith("* ") else []
    ops = {piece.op for piece in row.pieces}
    if len(ops) == 1 and "equal" not in ops and not any(piece.move for piece in row.pieces):
        found += ["whole", "gone" if "delete" in ops else "new"]
    return f' class="{" ".join(found)}"' if found else ""


def _piece(piece: Piece, named: set[str]) -> str:
    text = _safe(piece.text)
    if piece.op == "equal":
        return text
    tag = "del" if piece.op == "delete" else "ins"
    if not piece.move:
        return f"<{tag}>{text}</{tag}>"
    here, there, word = ("from", "to", "moved to") if tag == "del" else ("to", "from", "moved from")
    name = f"{here}-{piece.move}"
    anchor = "" if name in named else f' id="{name}"'
    named.add(name)
    link = f'<a href="#{there}-{piece.move}">{word} ⇅{piece.move}</a> '
    return f'<{tag} class="move"{anchor}>{link if anchor else ""}{text}</{tag}>'


def _safe(text: str) -> str:
    return quoted(escape(text))
