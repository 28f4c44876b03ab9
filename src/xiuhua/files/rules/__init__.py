"""Decisions about files and photos: hashes, names, what the device says, warnings."""
