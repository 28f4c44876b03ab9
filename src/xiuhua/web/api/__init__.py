"""The REST door: what pages show, for programs."""
