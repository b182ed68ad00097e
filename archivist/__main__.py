"""`python -m archivist` is `archivist`."""

import sys

from archivist.cli import main

if __name__ == "__main__":
    sys.exit(main())
