"""Component mark."""
