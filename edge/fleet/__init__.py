"""What the terminal says of its own health and configuration."""
