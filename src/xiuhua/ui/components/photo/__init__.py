"""Component photo."""
