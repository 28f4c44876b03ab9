"""Personal data in free text: found, and masked wherever texts are shown or handed out."""
