"""Decisions of disclosure: pure functions."""
