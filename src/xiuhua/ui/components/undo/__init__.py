"""Component undo."""
