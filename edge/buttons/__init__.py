"""Button panels: drivers, the rules of a press, lamps, and which hardware is which panel."""
