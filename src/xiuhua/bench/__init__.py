"""Measurements against baselines."""
