"""Who hears of what, and through which channel: reads the outbox, writes inboxes, mails and messages."""
