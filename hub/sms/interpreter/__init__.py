"""What a patient meant by an SMS; when in doubt it abstains and the question is asked again."""
