"""The SQLite state: what archivist remembers of an archive between runs, and the only package that
knows SQLite.

Each module keeps one kind of thing in a file of its own below `.git/archivist/`; all that is here
can be learnt again, and every file is safe to delete.
"""
