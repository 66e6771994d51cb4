"""What only people who work on Wellheard need; nothing that ships imports it."""
