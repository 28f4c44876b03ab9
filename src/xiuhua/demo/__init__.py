"""The made-up street."""
