"""Component redline."""
