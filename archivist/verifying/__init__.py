"""Proof: that what the archive says of its versions is so.

`claims` reads from git what commits say of the versions that they record; `checking` compares it
with the texts and the evidence; `remote` with the Wayback Machine's captures.
"""
