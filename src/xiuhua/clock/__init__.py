"""When: working time, calendars, deadlines."""
