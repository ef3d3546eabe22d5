"""Yiwang 一网: one online service net for a trade-union federation."""
