"""The doors for people and for other software."""
