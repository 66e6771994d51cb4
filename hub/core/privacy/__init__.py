"""What is kept of a person: found, handed over, erased, and let go when its time is over."""
