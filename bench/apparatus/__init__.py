"""What the benchmarks measure with: load, children under observation, and statistics."""
