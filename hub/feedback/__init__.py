"""What patients answered: surveys, questions, responses."""
