"""Pure decisions of the made-up street: how it is laid out and what happens in it."""
