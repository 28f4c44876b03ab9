"""Official documents: one as data, its measures (GB/T 9704-2012), and its two writers."""
