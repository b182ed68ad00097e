"""Benchmarks: made-up archives, and archivist measured beside other tools."""
