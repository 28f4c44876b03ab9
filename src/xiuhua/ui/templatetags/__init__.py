"""Template tags of ui."""
