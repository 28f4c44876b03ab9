"""Component dots_axis."""
