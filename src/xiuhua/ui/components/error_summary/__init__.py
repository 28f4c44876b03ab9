"""Component error_summary."""
