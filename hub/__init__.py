"""The hub: stores what terminals hear, and shows it to the staff."""
