"""Component radios."""
