"""Pure decisions about time: how limits are kept, when they are used up, and why."""
