"""Component tabs."""
