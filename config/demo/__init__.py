"""The demo federation: fictional people and firms on the real tree, the same for the same seed."""
