"""What every package stands on: tenants, refusals, actor, ledger, periods."""
