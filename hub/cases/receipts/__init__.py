"""What a patient is told of their complaint, against a code and without signing in."""
