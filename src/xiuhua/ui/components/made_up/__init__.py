"""Component made_up."""
