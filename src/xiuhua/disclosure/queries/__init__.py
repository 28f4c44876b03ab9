"""Named reads of disclosure."""
