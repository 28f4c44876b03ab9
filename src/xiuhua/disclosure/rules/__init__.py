"""Decisions of disclosure: pure functions, no framework, no clock, no files."""
