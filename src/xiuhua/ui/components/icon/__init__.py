"""Component icon."""
