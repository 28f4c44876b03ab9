"""Pure decisions of the taxonomy."""
