"""Pure decisions of exchange: mappings, wall-clock times, rows, repeats, verdicts, pile-ups."""
