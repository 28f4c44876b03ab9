"""Reading tabular files safely."""
