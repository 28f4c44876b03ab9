"""Component crumbs."""
