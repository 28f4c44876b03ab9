"""Pure decisions of notices: who hears of what, what may be sent where, how long a text may be."""
