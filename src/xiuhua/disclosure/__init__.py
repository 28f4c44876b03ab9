"""What is told: the month's report as an official document, the pack for the meeting, and how a text comes to be issued."""
