"""The past of an entry, recovered from the Wayback Machine.

`gathering` lists captures and fetches them, `reading` makes texts of them, `timeline` decides which
of these are versions, `telling` commits them: one series on top of the branch, which ends with the
present text again and is moved to once.
"""
