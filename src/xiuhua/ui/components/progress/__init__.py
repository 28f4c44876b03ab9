"""Component progress."""
