"""Component derive."""
