"""Component ledger."""
