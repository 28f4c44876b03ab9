"""SQLite as this site runs it."""
