"""Who signed a commit, by git's own verification.

A repository's configuration names the programs that check signatures, and the file of the keys that
are believed; a stranger's may name anything. So only what the user or the machine has configured
counts, and what they have not is git's default.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from archivist.repository.dialogue import asking
from archivist.repository.fields import nul_fields
from archivist.repository.process import Repository

_TRUSTED = ("system", "global")
_KEYS = {
    "gpg.program": "gpg",
    "gpg.openpgp.program": "",
    "gpg.x509.program": "gpgsm",
    "gpg.ssh.program": "ssh-keygen",
    "gpg.ssh.allowedsignersfile": os.devnull,
    "gpg.ssh.revocationfile": "",
    "gpg.mintrustlevel": "undefined",
}
_MEANING = {
    "B": "its signature is bad",
    "X": "its signature has expired",
    "Y": "its signature is by a key that has expired",
    "R": "its signature is by a key that was revoked",
    "E": "its signature cannot be checked: the key is not known here",
    "N": "it is not signed",
}


class Signature(NamedTuple):
    """A commit, who signed it (blank: nobody who is known), and what is wrong with that, if any."""

    rev: str
    signer: str
    problem: str


def signatures(repository: Repository, revs: Sequence[str]) -> Iterator[Signature]:
    """The signature of each commit, in this order. Raises GitFailure."""
    options = [
        part for key, value in _settings(repository).items() for part in ("-c", f"{key}={value}")
    ]
    log = ("log", "--no-walk=unsorted", "--stdin", "-z", "--no-color", "--no-notes")
    if not revs:
        return
    with asking(repository, revs, *options, *log, "--format=%H%x00%G?%x00%GS") as answers:
        fields = nul_fields(answers)
        for rev in fields:
            state, signer = (
                next(fields, b"N").decode(),
                next(fields, b"").decode("utf-8", "replace"),
            )
            # U is a good signature by a key in the keyring of which nobody said how far it is
            # trusted, which `git verify-commit` takes; or by one that nobody knows, and no name.
            is_good = state == "G" or (state == "U" and bool(signer))
            problem = "" if is_good else _MEANING.get(state, "it is signed by a key not known here")
            yield Signature(rev.decode().strip(), signer, problem)


def _settings(repository: Repository) -> Mapping[str, str]:
    """What the user and the machine have configured, and git's defaults for the rest."""
    listing = os.fsdecode(repository.run("config", "--list", "-z", "--show-scope", "--includes"))
    fields = listing.split("\0")
    found = dict(_KEYS)
    for scope, item in zip(fields[::2], fields[1::2], strict=False):
        key, _, value = item.partition("\n")
        if scope in _TRUSTED and key.lower() in found:
            found[key.lower()] = value
    # Both names mean one setting, and the last one counts.
    found["gpg.openpgp.program"] = found["gpg.openpgp.program"] or found["gpg.program"]
    return {key: value for key, value in found.items() if value or key.endswith("file")}
