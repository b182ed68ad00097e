"""The lines between which front matter stands."""

FENCE = "---"
MAX_LENGTH = 8 * 1024  # characters of front matter; YAML sees no more than this
