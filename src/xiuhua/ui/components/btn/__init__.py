"""Component btn."""
