"""Component note."""
