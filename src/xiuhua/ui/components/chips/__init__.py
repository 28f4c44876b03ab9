"""Component chips."""
