"""Named reads of analysis."""
