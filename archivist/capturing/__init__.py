"""Captures: what was fetched, the text that was made of it, and the commit that keeps both.

`provenance` are the trailers of such a commit, `evidence` its WARC file, `extractor` names what
made the text, `texts` says when two texts are the same, `recording` commits.
"""
