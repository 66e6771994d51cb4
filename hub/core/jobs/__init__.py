"""Work that must be done outside a transaction: written within it, done later, exactly once in effect."""
