"""Component facts."""
