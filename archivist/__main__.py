"""`python -m archivist` is `archivist`."""

import sys


def run() -> int:
    """Run the command line; quiet also if it is interrupted while it starts."""
    try:
        from archivist.cli import main

        return main()
    except KeyboardInterrupt:
        sys.stderr.write("error: interrupted\n")
        return 130


if __name__ == "__main__":
    sys.exit(run())
