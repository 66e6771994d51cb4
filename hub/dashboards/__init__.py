"""What staff see: the live page, and payloads that could not be stored."""
