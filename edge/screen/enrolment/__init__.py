"""The screen of a terminal that belongs to no hub yet."""
