"""Parsing workbooks in a process of its own: nothing here imports a framework, so that the process starts at once."""
