"""Reads of the case line."""
