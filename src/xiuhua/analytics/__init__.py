"""Engines, the vocabulary of measures, and frozen snapshots of facts."""
