"""The exceptions of archivist. Each means "could not answer" and ends a command with exit code 2.

    ArchivistError
    ├── UsageError            the command line asks for something that cannot be
    │   └── UnknownName       an entry that is not there, and never was
    ├── ConfigurationError    a settings file or a schema is wrong
    └── EnvironmentFailure    the machine says no: a file, a disk, a program
        ├── FileFailure
        │   └── FileChanged    it is not what it was when it was read
        └── GitFailure
            └── NoRepository

What is wrong *inside an entry* is never an exception; it is a diagnostic.
"""


class ArchivistError(Exception):
    """A reason why archivist cannot answer, with what to do about it.

    `message` is one sentence for a person; `hint`, if any, says what would help; `said` are lines
    of somebody else, such as a hook, as they came.
    """

    said: tuple[str, ...] = ()

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(ArchivistError):
    """The command line asks for something that cannot be."""


class UnknownName(UsageError):
    """No entry has this name, or ever had it."""


class ConfigurationError(ArchivistError):
    """A settings file, a baseline or a schema of the archive is wrong."""


class EnvironmentFailure(ArchivistError):
    """The machine says no."""


class FileFailure(EnvironmentFailure):
    """A file cannot be read or written."""


class FileChanged(FileFailure):
    """A file is not what it was when it was read."""


class GitFailure(EnvironmentFailure):
    """Git is missing, failed, or says something that cannot be true."""


class NoRepository(GitFailure):
    """The folder lies in no git repository."""


FINDINGS, NO_ANSWER, INTERRUPTED = 1, 2, 130  # exit codes; 0 is "nothing to report"
