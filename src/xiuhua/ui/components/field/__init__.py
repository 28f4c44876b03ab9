"""Component field."""
