"""Component locked."""
