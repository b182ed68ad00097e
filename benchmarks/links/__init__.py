"""The benchmark of `archivist links`: a web on loopback, archives that point into it, tables."""
