"""Updates of the terminal's own software: what is believed, how it is fetched, installed, tried, and taken back."""
