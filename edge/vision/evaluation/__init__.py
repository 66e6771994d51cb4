"""How good a detector is on labelled pictures: `matching` decides what a hit is, `measuring` runs the detector."""
