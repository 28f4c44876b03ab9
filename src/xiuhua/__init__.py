"""绣花: fine-grained management of a city's streets."""

__version__ = "0.1.0"
