"""Component fig."""
