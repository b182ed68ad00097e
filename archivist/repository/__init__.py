"""Git: the only package that runs it. Plain plumbing, hardened and streamed.

An archive may be somebody else's: nothing in its configuration, attributes, hooks or names may run
or be taken for an option. Commands that would run filters (`status`, a diff of the working tree)
are not used at all.
"""

from archivist.repository.process import Repository

__all__ = ["Repository"]
