"""Component due."""
