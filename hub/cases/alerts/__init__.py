"""An unhappy patient who is still in the building: the duty manager hears of it at once."""
