"""How well: schemes, scores, ranks, lists."""
