"""Where: the tree of territories, their names and outlines, and which one holds a point."""
