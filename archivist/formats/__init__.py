"""Renderers of a check's report: one module a format, each with `render(report) -> str`."""

FORMATS = ("text", "json", "sarif", "github", "junit")
