"""Component pager."""
