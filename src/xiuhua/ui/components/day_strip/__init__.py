"""Component day_strip."""
