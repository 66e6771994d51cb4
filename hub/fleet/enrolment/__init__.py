"""How a terminal comes to belong to the hub: claimed by its code, or expected beforehand; and how it ceases to."""
