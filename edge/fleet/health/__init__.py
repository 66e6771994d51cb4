"""One file a check. A check looks once and returns what it found; the monitor decides when and what is reported."""
