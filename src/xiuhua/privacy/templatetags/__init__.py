"""Masks in templates."""
