"""How a terminal comes to its hub: by a code on its screen, or by a token on its card; and stays known there."""
