"""The door for staff."""
