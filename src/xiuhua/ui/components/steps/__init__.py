"""Component steps."""
