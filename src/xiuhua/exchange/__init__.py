"""In and out: source records of other platforms, mappings, imports."""
