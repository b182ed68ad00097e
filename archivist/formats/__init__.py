"""Renderers: one module a format. Those of a check's report have `render(report) -> str`; those of
a scan of links begin with `link` and have `render(report: LinkReport) -> str`; those of captures
with `snapshot`.
"""

FORMATS = ("text", "json", "sarif", "github", "junit")
LINK_FORMATS = ("text", "json", "jsonl", "markdown", "sarif", "github", "junit")
SNAPSHOT_FORMATS = ("text", "json")
