"""Component pair."""
