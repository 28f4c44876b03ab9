"""Component story."""
