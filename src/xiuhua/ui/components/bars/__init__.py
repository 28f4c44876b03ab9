"""Component bars."""
