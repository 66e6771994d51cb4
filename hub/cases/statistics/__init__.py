"""What the cases of a period add up to, on a page and in files."""
