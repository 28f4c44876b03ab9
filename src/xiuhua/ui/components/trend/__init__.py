"""Component trend."""
