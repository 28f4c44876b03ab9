"""The file of one problem, and the facts and measures drawn from it."""
