"""Several terminals at once, chosen on the list: what is to be done is shown, confirmed, and can be taken back."""
