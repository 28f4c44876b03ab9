"""Component dots."""
