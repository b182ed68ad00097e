"""The same answer by other tools: every version of every entry, and how many words it changed.

    python others.py commits|texts PATH…

By GitPython, which it needs installed: which commits touched each path; with `texts` also what each
of them made of it, as a count of the words that came and went (without their order, which is the
cheapest way). Run in the repository.
"""

import sys
from collections import Counter

import git  # type: ignore[import-not-found,unused-ignore]  # of a virtualenv of its own


def main() -> None:
    """Print a line a version."""
    repository = git.Repo(".")
    for path in sys.argv[2:]:
        before: Counter[bytes] = Counter()
        for commit in list(repository.iter_commits("HEAD", paths=path))[::-1]:
            counts = ""
            if sys.argv[1] == "texts":
                words = Counter((commit.tree / path).data_stream.read().split())
                counts = f"+{(words - before).total()} -{(before - words).total()}"
                before = words
            print(path, commit.hexsha, commit.committed_date, counts)


if __name__ == "__main__":
    main()
