"""The only writers of disclosure."""
