"""Maintain and validate a Git archive of policies: codes of conduct, terms, guidelines."""

__version__ = "0.1.0"
