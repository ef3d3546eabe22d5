"""Reproducible benchmarks: ours and a peer back to back on the same data; one JSON document each. Never in a test."""
