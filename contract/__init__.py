"""What the terminals and the hub agree on: topics, messages, limits. Knows neither of them."""
