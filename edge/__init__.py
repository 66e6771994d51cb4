"""The terminal's agent: hears presses, stores them first, thanks, and sends them to the hub."""
