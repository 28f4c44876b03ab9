"""Component move."""
