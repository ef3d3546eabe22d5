"""Reads about cadres."""
