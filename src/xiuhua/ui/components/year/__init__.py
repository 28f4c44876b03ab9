"""Component year."""
