"""Charts, and the pages behind the figures: trends, hours of the week, people, and what a figure is made of."""
