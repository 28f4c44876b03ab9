"""Component bar."""
