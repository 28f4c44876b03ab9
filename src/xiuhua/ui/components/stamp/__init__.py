"""Component stamp."""
