"""Wiring: settings, addresses, start-up."""
