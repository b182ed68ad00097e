"""Renderers of blame: one module a format."""
