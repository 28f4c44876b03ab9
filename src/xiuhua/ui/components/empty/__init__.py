"""Component empty."""
