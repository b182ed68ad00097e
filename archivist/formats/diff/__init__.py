"""Renderers of a difference: one module a format."""

FORMATS = ("text", "json", "html")
