"""Pure decisions of responsibility."""
